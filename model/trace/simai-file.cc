/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/simai-file.h"

#include "trace/trace-input.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t MOST_BYTES = uint64_t{1} << 50; //!< Of a collective
constexpr uint64_t MOST_LAYERS = 10'000'000;       //!< Rows
constexpr std::size_t COLUMNS = 12;                //!< That each row has

/** A word of a line. */
struct Word
{
    std::string_view text; //!< It
    uint64_t line{1};      //!< From 1
    uint64_t column{1};    //!< From 1
};

const std::pair<const char*, SimaiPolicy> POLICIES[] = {
    {"DATA", SimaiPolicy::DATA},
    {"MODEL", SimaiPolicy::MODEL},
    {"MICRO", SimaiPolicy::MICRO},
    {"HYBRID_DATA_MODEL", SimaiPolicy::HYBRID_DATA_MODEL},
    {"HYBRID_MODEL_DATA", SimaiPolicy::HYBRID_MODEL_DATA},
    {"HYBRID_CUSTOMIZED", SimaiPolicy::HYBRID_CUSTOMIZED},
    {"HYBRID_TRANSFORMER", SimaiPolicy::HYBRID_TRANSFORMER},
    {"HYBRID_TRANSFORMER_FWD_IN_BCKWD", SimaiPolicy::HYBRID_TRANSFORMER_FWD_IN_BCKWD},
    {"HYBRID_DLRM", SimaiPolicy::HYBRID_DLRM},
    {"HYBRID_DLRM_ENHANCED", SimaiPolicy::HYBRID_DLRM_ENHANCED},
    {"DISTRIBUTED_INFERENCE", SimaiPolicy::DISTRIBUTED_INFERENCE},
};

const std::pair<const char*, const char*> COLLECTIVES[] = {
    {"ALLREDUCE", "all_reduce"},
    {"ALLGATHER", "all_gather"},
    {"REDUCESCATTER", "reduce_scatter"},
    {"ALLTOALL", "all_to_all"},
    {"BROADCAST", "broadcast"},
};

/** Reads one file. */
class Reader
{
  public:
    explicit Reader(const std::string& path)
        : m_path(path),
          m_text(ReadText(path))
    {
    }

    SimaiFile Read()
    {
        std::string_view rest = m_text;
        constexpr std::string_view MARK = "\xef\xbb\xbf";
        rest.remove_prefix(rest.starts_with(MARK) ? MARK.size() : 0);
        uint64_t line = 0;
        uint64_t asked = 0;
        Word askedAt;
        for (std::size_t part = 0; !rest.empty();)
        {
            ++line;
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            const std::vector<Word> words = Split(rest.substr(0, end), line);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (words.empty() || words.front().text.starts_with('#'))
            {
                continue;
            }
            if (part == 0)
            {
                ReadHeader(words);
            }
            else if (part == 1)
            {
                askedAt = words.front();
                asked = ReadWhole(askedAt, "the number of layers", MOST_LAYERS);
            }
            else
            {
                ReadRow(words);
            }
            ++part;
        }
        if (askedAt.text.empty() || m_file.layers.size() != asked)
        {
            askedAt.line = askedAt.text.empty() ? std::max<uint64_t>(line, 1) : askedAt.line;
            Refuse(askedAt,
                   askedAt.text.empty()
                       ? std::string("the number of layers is missing, which line 2 should have")
                       : fmt::format("line {} says {} layers, but {} rows follow",
                                     askedAt.line,
                                     asked,
                                     m_file.layers.size()));
        }
        CheckLayers();
        if (m_leftOut > 0)
        {
            m_file.notes.push_back(fmt::format(
                "{} collectives are left out, of passes that {} has none for, as ASTRA-sim has it",
                m_leftOut,
                m_file.policyName));
        }
        return std::move(m_file);
    }

  private:
    [[noreturn]] void Refuse(const Word& word, const std::string& message) const
    {
        throw InputError({m_path, word.line, word.column}, message);
    }

    /** Cut a line into words. */
    static std::vector<Word> Split(std::string_view text, uint64_t line)
    {
        std::vector<Word> words;
        constexpr std::string_view BLANKS = " \t\r\f\v";
        for (std::size_t at = text.find_first_not_of(BLANKS); at != std::string_view::npos;)
        {
            const std::size_t end = std::min(text.find_first_of(BLANKS, at), text.size());
            words.push_back({text.substr(at, end - at), line, at + 1});
            at = text.find_first_not_of(BLANKS, end);
        }
        return words;
    }

    uint64_t ReadWhole(const Word& word, const std::string& what, uint64_t most) const
    {
        // Generators divide: "2097152.0".
        std::string_view text = word.text;
        const std::size_t dot = text.find('.');
        if (dot != std::string_view::npos && dot + 1 < text.size() &&
            text.find_first_not_of('0', dot + 1) == std::string_view::npos)
        {
            text = text.substr(0, dot);
        }
        const auto number = ParseNumber(text, most);
        if (!number)
        {
            Refuse(word,
                   fmt::format("here is {}, but {}, a whole number of at most {}, would be right",
                               Quote(word.text),
                               what,
                               most));
        }
        return *number;
    }

    /** Read nanoseconds, perhaps with decimals. */
    Tick ReadTime(const Word& word, const char* what) const
    {
        const std::size_t dot = std::min(word.text.find('.'), word.text.size());
        std::string decimals(word.text.substr(std::min(dot + 1, word.text.size())));
        const bool isWrong =
            decimals.find_first_not_of("0123456789") != std::string::npos || dot == 0;
        decimals.resize(3, '0');
        const auto whole = ParseNumber(word.text.substr(0, dot), LONGEST_TIME / 1000 - 1);
        const auto part = ParseNumber(decimals, 999);
        if (isWrong || !whole || !part)
        {
            Refuse(word,
                   fmt::format("here is {}, but {}, in ns and below 100 days, would be right",
                               Quote(word.text),
                               what));
        }
        return static_cast<Tick>(*whole * 1000 + *part);
    }

    void ReadHeader(const std::vector<Word>& words)
    {
        const auto* policy =
            std::find_if(std::begin(POLICIES), std::end(POLICIES), [&](const auto& row) {
                return words.front().text == row.first;
            });
        if (policy == std::end(POLICIES))
        {
            std::string known;
            for (const auto& row : POLICIES)
            {
                known += fmt::format("{}{}", known.empty() ? "" : ", ", row.first);
            }
            Refuse(words.front(),
                   fmt::format("here is {}, but a parallelism would be right, one of {}",
                               Quote(words.front().text),
                               known));
        }
        m_file.policy = policy->second;
        m_file.policyName = policy->first;
        m_header = words.front();
        for (std::size_t i = 1; i < words.size();)
        {
            i = ReadKey(words, i);
        }
    }

    /** Read a key and what follows it. @return where the next one begins. */
    std::size_t ReadKey(const std::vector<Word>& words, std::size_t i)
    {
        const Word& word = words[i];
        std::string_view key = word.text;
        key.remove_suffix(key.ends_with(':') ? 1 : 0);
        const bool isDlrm = m_file.policy == SimaiPolicy::HYBRID_DLRM ||
                            m_file.policy == SimaiPolicy::HYBRID_DLRM_ENHANCED;
        if (isDlrm && ParseNumber(key, MOST_LAYERS))
        {
            m_file.lastBottom =
                static_cast<uint32_t>(ReadWhole(word, "the last bottom layer", MOST_LAYERS));
            return i + 1;
        }
        const std::map<std::string_view, uint32_t*> sizes{
            {"model_parallel_NPU_group", &m_file.tensor},
            {"ep", &m_file.expert},
            {"pp", &m_file.pipeline},
            {"vpp", &m_file.virtualStages},
            {"ga", &m_file.microBatches},
        };
        const auto value = [&]() -> const Word& {
            if (i + 1 >= words.size())
            {
                Refuse(word, fmt::format("{} has no value; a number should follow", key));
            }
            return words[i + 1];
        };
        const auto found = sizes.find(key);
        if (found != sizes.end())
        {
            *found->second = ReadSize(value(), key);
            return i + 2;
        }
        if (key == "all_gpus")
        {
            m_file.ranks = ReadSize(value(), key);
            return i + 2;
        }
        if (key == "pp_comm")
        {
            m_file.stageBytes = ReadWhole(value(), "bytes between stages", MOST_BYTES);
            return i + 2;
        }
        if (key == "DLRM_LAST_BOTTOM_LAYER")
        {
            m_file.lastBottom = static_cast<uint32_t>(ReadWhole(value(), "a layer", MOST_LAYERS));
            return i + 2;
        }
        if (key == "checkpoints" || key == "checkpoint_initiates")
        {
            return ReadLayers(words,
                              i,
                              key == "checkpoints" ? m_file.checkpoints : m_file.initiates);
        }
        m_file.notes.push_back(
            fmt::format("the header's {} is not known and left out", Quote(key)));
        // Its value goes with it, where it has one.
        const bool hasValue =
            word.text.ends_with(':') && i + 1 < words.size() && !words[i + 1].text.ends_with(':');
        return i + (hasValue ? 2 : 1);
    }

    uint32_t ReadSize(const Word& word, std::string_view key) const
    {
        const auto size = static_cast<uint32_t>(ReadWhole(word, std::string(key), MOST_RANKS));
        if (size == 0)
        {
            Refuse(word, fmt::format("{} is 0, but at least 1 would be right", key));
        }
        return size;
    }

    /** Read a count, then as many layers. @return where the next key begins. */
    std::size_t ReadLayers(const std::vector<Word>& words,
                           std::size_t i,
                           std::vector<uint32_t>& layers) const
    {
        const std::string key(words[i].text);
        const auto take = [&](const char* what) {
            if (++i >= words.size())
            {
                Refuse(words.back(), fmt::format("{} wants {} behind this", key, what));
            }
            return static_cast<uint32_t>(ReadWhole(words[i], what, MOST_LAYERS));
        };
        const uint32_t count = take("a number of layers");
        for (uint32_t k = 0; k < count; ++k)
        {
            layers.push_back(take("a layer"));
        }
        return i + 1;
    }

    void ReadRow(const std::vector<Word>& words)
    {
        const bool isCustomized = m_file.policy == SimaiPolicy::HYBRID_CUSTOMIZED;
        if (words.size() < COLUMNS + (isCustomized ? 1 : 0) || words.size() > COLUMNS + 1)
        {
            Refuse(words.back(),
                   fmt::format("this row has {} columns, but {} would be right: name, reserved, "
                               "three times compute, collective and bytes, and update time{}",
                               words.size(),
                               COLUMNS + (isCustomized ? 1 : 0),
                               isCustomized ? ", and the layer's own parallelism" : ""));
        }
        SimaiPolicy policy = m_file.policy;
        if (isCustomized)
        {
            const Word& word = words[COLUMNS];
            const auto* row =
                std::find_if(std::begin(POLICIES), std::end(POLICIES), [&](const auto& known) {
                    return word.text == known.first;
                });
            if (row == std::end(POLICIES) || row->second == SimaiPolicy::HYBRID_CUSTOMIZED)
            {
                Refuse(
                    word,
                    fmt::format("here is {}, but a parallelism, as DATA or MODEL, would be right",
                                Quote(word.text)));
            }
            policy = row->second;
        }
        else if (words.size() > COLUMNS && !m_hasOwn)
        {
            m_hasOwn = true;
            m_file.notes.push_back("a 13th column, a layer's own parallelism, counts for "
                                   "HYBRID_CUSTOMIZED only and is left out");
        }
        SimaiLayer layer;
        layer.name = std::string(words[0].text);
        layer.line = words[0].line;
        for (uint8_t pass = 0; pass < 3; ++pass)
        {
            const std::size_t at = 2 + std::size_t{3} * pass;
            layer.passes[pass].compute = ReadTime(words[at], "a compute time");
            layer.passes[pass].collective =
                ReadCollective(words[at + 1], words[at + 2], policy, pass);
        }
        layer.update = ReadTime(words[COLUMNS - 1], "an update time");
        m_file.layers.push_back(std::move(layer));
    }

    SimaiCollective ReadCollective(const Word& word,
                                   const Word& size,
                                   SimaiPolicy policy,
                                   uint8_t pass)
    {
        SimaiCollective collective;
        collective.bytes = ReadWhole(size, "bytes", MOST_BYTES);
        if (word.text == "NONE")
        {
            return collective;
        }
        const auto* found =
            std::find_if(std::begin(COLLECTIVES), std::end(COLLECTIVES), [&](const auto& row) {
                return word.text.starts_with(row.first);
            });
        const std::string_view suffix =
            found == std::end(COLLECTIVES)
                ? std::string_view("?")
                : word.text.substr(std::string_view(found->first).size());
        if (suffix.empty())
        {
            collective.group = GroupOf(policy, pass);
        }
        else if (suffix == "_EP" || suffix == "_DP_EP")
        {
            collective.group = suffix == "_EP" ? SimaiGroup::EXPERT : SimaiGroup::DATA_EXPERT;
        }
        else
        {
            Refuse(
                word,
                fmt::format("here is {}, but NONE, ALLREDUCE, ALLGATHER, REDUCESCATTER, ALLTOALL "
                            "or BROADCAST would be right, perhaps with _EP or _DP_EP",
                            Quote(word.text)));
        }
        // What ASTRA-sim never issues under this parallelism.
        const bool isDlrm =
            policy == SimaiPolicy::HYBRID_DLRM || policy == SimaiPolicy::HYBRID_DLRM_ENHANCED;
        const bool isLeftOut = (policy == SimaiPolicy::DATA && pass != WEIGHT_GRADIENT) ||
                               (policy == SimaiPolicy::MODEL && pass == WEIGHT_GRADIENT) ||
                               (policy == SimaiPolicy::DISTRIBUTED_INFERENCE && pass != FORWARD) ||
                               (isDlrm && pass == FORWARD && !word.text.starts_with("ALLTOALL"));
        m_leftOut += isLeftOut ? 1 : 0;
        collective.kind = isLeftOut ? nullptr : found->second;
        return collective;
    }

    /** @return the group of a collective without a suffix. */
    static SimaiGroup GroupOf(SimaiPolicy policy, uint8_t pass)
    {
        const bool isOfWeights = pass == WEIGHT_GRADIENT;
        switch (policy)
        {
        case SimaiPolicy::HYBRID_TRANSFORMER:
        case SimaiPolicy::HYBRID_TRANSFORMER_FWD_IN_BCKWD:
            return isOfWeights ? SimaiGroup::DATA : SimaiGroup::TENSOR;
        case SimaiPolicy::HYBRID_DATA_MODEL:
            return isOfWeights ? SimaiGroup::OUTER : SimaiGroup::INNER;
        case SimaiPolicy::HYBRID_MODEL_DATA:
            return isOfWeights ? SimaiGroup::INNER : SimaiGroup::OUTER;
        default:
            return SimaiGroup::ALL;
        }
    }

    /** Refuse layers that are named and not there. */
    void CheckLayers() const
    {
        const auto check = [&](uint32_t layer, const char* key) {
            if (layer >= m_file.layers.size())
            {
                Refuse(m_header,
                       fmt::format("{} names layer {}, but there are layers 0 to {}",
                                   key,
                                   layer,
                                   m_file.layers.size() - 1));
            }
        };
        if (m_file.layers.empty())
        {
            Refuse(m_header, "there is no layer; at least one would be right");
        }
        for (const uint32_t layer : m_file.checkpoints)
        {
            check(layer, "checkpoints");
        }
        for (const uint32_t layer : m_file.initiates)
        {
            check(layer, "checkpoint_initiates");
            if (std::none_of(m_file.checkpoints.begin(),
                             m_file.checkpoints.end(),
                             [layer](uint32_t kept) { return kept <= layer; }))
            {
                Refuse(m_header,
                       fmt::format("checkpoint_initiates names layer {}, but no layer at or before "
                                   "it is among the checkpoints",
                                   layer));
            }
        }
        check(m_file.lastBottom, "the last bottom layer");
    }

    std::string m_path;    //!< For messages
    std::string m_text;    //!< All
    Word m_header;         //!< Where the header begins
    bool m_hasOwn{false};  //!< A note on a 13th column is there
    uint64_t m_leftOut{0}; //!< Collectives that are not issued
    SimaiFile m_file;      //!< So far
};

} // namespace

SimaiFile
ReadSimaiFile(const std::string& file)
{
    return Reader(file).Read();
}

} // namespace mtlink
} // namespace ns3
