/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict-trial.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

const std::string JOB = "fabric: {kind: single_switch, endpoints: 8, link: {rate: 100Gbps}}\n"
                        "workload: {collective: all_reduce, size: 1MiB, repeat: 4}\n"
                        "stability:\n"
                        "  failures: {card: 0.05}\n"
                        "  checkpoint: {bytes: 1GB, to: host, rate: 10GBps, blocking: 1s}\n"
                        "  restart: 600s\n"
                        "  run: 30 days\n"
                        "simulation: {mode: flow}\n";

/** @return what is proposed of a job over days. */
std::vector<std::string>
ListProposals(const RunResults& results)
{
    std::vector<std::string> changes;
    for (const VerdictTry& one : results.verdict->tries)
    {
        if (one.change.starts_with("stability."))
        {
            changes.push_back(one.change);
        }
    }
    return changes;
}

} // namespace

TEST_SUITE("verdict")
{
    TEST_CASE("of a job over days the verdict names what loses most, and what loses less")
    {
        struct Trial
        {
            const char* setting;  //!< That makes one cause the largest by construction
            const char* note;     //!< What is to be said
            const char* proposal; //!< And tried; empty: nothing
        };

        for (const Trial& trial : {
                 Trial{"stability.restart=1200s",
                       "coming back after a failure",
                       "stability.restart=600s"},
                 Trial{"stability.detect=3600s",
                       "coming back after a failure",
                       "stability.detect=1800s"},
                 Trial{"stability.checkpoint.every=20s",
                       "checkpoints, for which training stands still",
                       "stability.checkpoint.every=auto"},
                 Trial{"stability.checkpoint.every=12h",
                       "going back to the last checkpoint",
                       "stability.checkpoint.every=auto"},
                 Trial{"stability.checkpoint.blocking=1000s",
                       "",
                       "stability.checkpoint.blocking=500s"},
                 Trial{"stability.spare=0", "waiting for nodes", "stability.spare=unlimited"},
                 Trial{"stability.failures={link: {rate: 0.2, effect: slow, slowdown: 2, repair: 1 "
                       "days}}",
                       "links that slow iterations",
                       ""},
             })
        {
            CAPTURE(trial.setting);
            const std::vector<std::string> settings{trial.setting};
            const RunResults results = RunJudged(JOB, settings);
            CHECK(HasNote(results, std::string("of an undisturbed one's work")));
            CHECK(HasNote(results, trial.note));
            const std::string proposal = trial.proposal;
            CHECK(ListProposals(results) ==
                  (proposal.empty() ? std::vector<std::string>{} : std::vector{proposal}));
            CheckTries(JOB, settings, results);
        }
    }

    TEST_CASE("a job in which nothing fails loses nothing, and nothing is proposed to it")
    {
        const std::vector<std::string> settings{
            "stability={failures: {card: 1e-9}, checkpoint: {bytes: 1GB, to: host, rate: 10GBps, "
            "blocking: 0s}}"};
        const RunResults results = RunJudged(JOB, settings);
        CHECK(HasNote(results, "a job loses nothing"));
        CHECK(ListProposals(results).empty());
    }
}
