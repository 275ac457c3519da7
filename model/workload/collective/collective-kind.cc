/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/collective-kind.h"

#include "ns3/abort.h"

#include <algorithm>
#include <string>

namespace ns3
{
namespace mtlink
{

namespace
{

/** The collectives of MPI and of the makers' libraries. */
constexpr CollectiveKind KINDS[] = {
    {"all_reduce", Members::ALL, Members::ALL, Payload::WHOLE, true},
    {"all_gather", Members::ALL, Members::ALL, Payload::SENDERS_SHARE, false},
    {"reduce_scatter", Members::ALL, Members::ALL, Payload::RECEIVERS_SHARE, true},
    {"all_to_all", Members::ALL, Members::ALL, Payload::SHARE_OF_EACH, false},
    {"all_to_allv", Members::ALL, Members::ALL, Payload::COUNTS, false},
    {"broadcast", Members::ROOT, Members::ALL, Payload::WHOLE, false},
    {"reduce", Members::ALL, Members::ROOT, Payload::WHOLE, true},
    {"gather", Members::ALL, Members::ROOT, Payload::SENDERS_SHARE, false},
    {"scatter", Members::ROOT, Members::ALL, Payload::RECEIVERS_SHARE, false},
    {"send_recv", Members::ALL, Members::NEXT, Payload::WHOLE, false},
    {"barrier", Members::ALL, Members::ALL, Payload::NOTHING, false},
};

} // namespace

std::span<const CollectiveKind>
GetCollectiveKinds()
{
    return KINDS;
}

const CollectiveKind*
FindCollectiveKind(std::string_view name)
{
    const auto kind = std::find_if(std::begin(KINDS), std::end(KINDS), [name](const auto& one) {
        return one.name == name;
    });
    return kind == std::end(KINDS) ? nullptr : kind;
}

const CollectiveKind&
GetCollectiveKind(std::string_view name)
{
    const CollectiveKind* const kind = FindCollectiveKind(name);
    NS_ABORT_MSG_UNLESS(kind, "there is no collective '" + std::string(name) + "'");
    return *kind;
}

} // namespace mtlink
} // namespace ns3
