/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/verdict-summary.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

void
WriteTexts(JsonWriter& out, const std::vector<std::string>& texts)
{
    out.BeginArray();
    for (const std::string& text : texts)
    {
        out.String(text);
    }
    out.EndArray();
}

void
WriteRoot(JsonWriter& out, const std::optional<VerdictRoot>& root)
{
    if (!root)
    {
        out.Null();
        return;
    }
    out.BeginObject();
    out.Key("port");
    out.String(root->port);
    out.Key("to");
    out.String(root->to);
    out.Key("flows");
    root->flows ? out.Unsigned(*root->flows) : out.Null();
    out.Key("offered_over_rate");
    out.Number(root->offeredOverRate);
    out.Key("stall_share");
    out.Number(root->stallShare);
    out.Key("victims");
    WriteTexts(out, root->victims);
    out.EndObject();
}

void
WriteLevels(JsonWriter& out, const std::vector<VerdictLevel>& levels)
{
    out.BeginArray();
    for (const VerdictLevel& level : levels)
    {
        out.BeginObject();
        out.Key("link_class");
        out.String(level.cls);
        out.Key("bytes_share");
        out.Number(level.bytesShare);
        out.Key("utilisation");
        out.Number(level.utilisation);
        out.Key("utilisation_most");
        out.Number(level.mostUtilisation);
        out.EndObject();
    }
    out.EndArray();
}

void
WriteChain(JsonWriter& out, const std::optional<VerdictChain>& chain)
{
    if (!chain)
    {
        out.Null();
        return;
    }
    out.BeginObject();
    out.Key("messages");
    out.Unsigned(chain->messages);
    out.Key("wire_ns");
    out.Nanoseconds(chain->wire);
    out.Key("latency_ns");
    out.Nanoseconds(chain->latency);
    out.Key("software_ns");
    out.Nanoseconds(chain->software);
    out.Key("waiting_ns");
    out.Nanoseconds(chain->waiting);
    out.Key("compute_ns");
    out.Nanoseconds(chain->compute);
    out.EndObject();
}

} // namespace

void
WriteVerdict(JsonWriter& out, const std::optional<VerdictResult>& verdict)
{
    if (!verdict)
    {
        out.Null();
        return;
    }
    out.BeginObject();
    out.Key("bound_by");
    verdict->boundBy.empty() ? out.Null() : out.String(verdict->boundBy);
    out.Key("share");
    out.Number(verdict->share);
    out.Key("saturated");
    verdict->saturated ? out.Bool(*verdict->saturated) : out.Null();
    out.Key("text");
    out.String(verdict->text);
    out.Key("root");
    WriteRoot(out, verdict->root);
    out.Key("levels");
    WriteLevels(out, verdict->levels);
    out.Key("chain");
    WriteChain(out, verdict->chain);
    out.Key("try");
    out.BeginArray();
    for (const VerdictTry& one : verdict->tries)
    {
        out.BeginObject();
        out.Key("change");
        out.String(one.change);
        out.Key("why");
        out.String(one.why);
        out.Key("expected");
        out.String(one.expected);
        out.EndObject();
    }
    out.EndArray();
    out.Key("notes");
    WriteTexts(out, verdict->notes);
    out.EndObject();
}

std::optional<VerdictResult>
ReadVerdict(const SummaryReader& from)
{
    if (!from.Has("verdict") || from.Find("verdict").is_null())
    {
        return std::nullopt;
    }
    const SummaryReader in = from.Object("verdict");
    VerdictResult verdict;
    verdict.boundBy = in.Find("bound_by").is_null() ? "" : in.Text("bound_by");
    verdict.share = in.NumberIfAny("share");
    if (!in.Find("saturated").is_null())
    {
        verdict.saturated = in.Truth("saturated");
    }
    verdict.text = in.Text("text");
    if (!in.Find("root").is_null())
    {
        const SummaryReader root = in.Object("root");
        verdict.root = VerdictRoot{root.Text("port"),
                                   root.Text("to"),
                                   std::nullopt,
                                   root.NumberIfAny("offered_over_rate"),
                                   root.Number("stall_share"),
                                   root.Texts("victims")};
        if (!root.Find("flows").is_null())
        {
            verdict.root->flows = root.Unsigned("flows");
        }
    }
    for (const SummaryReader& level : in.Objects("levels"))
    {
        verdict.levels.push_back({level.Text("link_class"),
                                  level.Number("bytes_share"),
                                  level.Number("utilisation"),
                                  level.Number("utilisation_most")});
    }
    if (!in.Find("chain").is_null())
    {
        const SummaryReader chain = in.Object("chain");
        verdict.chain = VerdictChain{chain.Unsigned("messages"),
                                     chain.Nanoseconds("wire_ns"),
                                     chain.Nanoseconds("latency_ns"),
                                     chain.Nanoseconds("software_ns"),
                                     chain.Nanoseconds("waiting_ns"),
                                     chain.Nanoseconds("compute_ns")};
    }
    for (const SummaryReader& one : in.Objects("try"))
    {
        verdict.tries.push_back({one.Text("change"), one.Text("why"), one.Text("expected")});
    }
    verdict.notes = in.Texts("notes");
    return verdict;
}

} // namespace mtlink
} // namespace ns3
