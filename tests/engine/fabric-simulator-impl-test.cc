/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../simulation.h"
#include "engine/event-channel.h"

#include <doctest/doctest.h>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** Writes down what runs, and when. */
class Recorder : public EventHandler
{
  public:
    void OnEvent(uint64_t word) override
    {
        log.push_back(std::to_string(Simulator::Now().GetPicoSeconds()) + " typed " +
                      std::to_string(word) +
                      (Simulator::GetContext() == Simulator::NO_CONTEXT ? "" : " in a context"));
        if (next)
        {
            next(word);
        }
    }

    /** An ordinary event. */
    void Ordinary(int number)
    {
        log.push_back(std::to_string(Simulator::Now().GetPicoSeconds()) + " ordinary " +
                      std::to_string(number));
    }

    std::vector<std::string> log;       //!< What ran
    std::function<void(uint64_t)> next; //!< Called by each typed event
};

/** A mixture of typed and ordinary events, many at one time, some of which make more. */
std::vector<std::string>
RunMixture(const char* implementation)
{
    const Simulation simulation(implementation);
    EventClock clock;
    Recorder recorder;
    EventChannel late(clock, recorder, EventPhase::OUTPUT);
    EventChannel early(clock, recorder, EventPhase::ARRIVE);
    uint64_t random = 7;
    int left = 500;
    recorder.next = [&](uint64_t word) {
        if (left-- > 0)
        {
            random = random * 6364136223846793005ULL + 1442695040888963407ULL;
            const Tick delay = static_cast<Tick>(random >> 60);
            (word % 2 == 0 ? early : late).Schedule(clock.Now() + delay, word * 7 % 100);
            Simulator::Schedule(PicoSeconds(random >> 59 & 7),
                                &Recorder::Ordinary,
                                &recorder,
                                left);
        }
    };
    for (uint64_t i = 0; i < 20; ++i)
    {
        late.Schedule(static_cast<Tick>(i % 3), 1000 - 10 * i);
        Simulator::ScheduleWithContext(3, PicoSeconds(i % 4), &Recorder::Ordinary, &recorder, -1);
    }
    Simulator::Run();
    return recorder.log;
}

} // namespace

TEST_SUITE_BEGIN("engine");

TEST_CASE("events run by time, then ordinary ones, then typed ones by phase, handler and word")
{
    for (const char* implementation : {Simulation::FABRIC, Simulation::DEFAULT})
    {
        CAPTURE(implementation);
        const Simulation simulation(implementation);
        EventClock clock;
        Recorder recorder;
        EventChannel looks(clock, recorder, EventPhase::OUTPUT);
        EventChannel arrivals(clock, recorder, EventPhase::ARRIVE);
        EventChannel others(clock, recorder, EventPhase::ARRIVE);
        looks.Schedule(5, 1);
        others.Schedule(5, 2);
        arrivals.Schedule(5, 9);
        arrivals.Schedule(5, 8);
        arrivals.Schedule(4, 4);
        Simulator::Schedule(PicoSeconds(5), &Recorder::Ordinary, &recorder, 3);
        Simulator::Schedule(PicoSeconds(5), &Recorder::Ordinary, &recorder, 2);
        Simulator::ScheduleNow(&Recorder::Ordinary, &recorder, 5);
        recorder.next = [&](uint64_t word) {
            if (word == 8)
            {
                Simulator::ScheduleNow(&Recorder::Ordinary, &recorder, 7);
                others.Schedule(5, 1);
            }
        };
        Simulator::Run();
        CHECK(recorder.log == std::vector<std::string>{"0 ordinary 5",
                                                       "4 typed 4",
                                                       "5 ordinary 3",
                                                       "5 ordinary 2",
                                                       "5 typed 8",
                                                       "5 ordinary 7",
                                                       "5 typed 9",
                                                       "5 typed 1",
                                                       "5 typed 2",
                                                       "5 typed 1"});
    }
}

TEST_CASE("a handler that is gone makes room for another, and too many are refused")
{
    Recorder recorder;
    EventHandlers handlers;
    const uint64_t first = handlers.Enroll(recorder, EventPhase::ARRIVE);
    CHECK(handlers.Enroll(recorder, EventPhase::ARRIVE) > first);
    handlers.Withdraw(first);
    CHECK(handlers.Enroll(recorder, EventPhase::ARRIVE) == first);
    CHECK(handlers.Enroll(recorder, EventPhase::FAULT) < first);
    for (uint32_t n = 3; n < 1U << EventHandlers::SLOT_BITS; ++n)
    {
        handlers.Enroll(recorder, EventPhase::SOLVE);
    }
    CHECK_THROWS_AS(handlers.Enroll(recorder, EventPhase::SOLVE), std::length_error);
}

TEST_CASE("both implementations run a mixture of events in the same order")
{
    const std::vector<std::string> fabric = RunMixture(Simulation::FABRIC);
    CHECK(fabric.size() > 1000);
    CHECK(fabric == RunMixture(Simulation::DEFAULT));
}

TEST_CASE("an ordinary event can be cancelled and removed, and knows whether it has expired")
{
    const Simulation simulation;
    Recorder recorder;
    EventId cancelled = Simulator::Schedule(PicoSeconds(1), &Recorder::Ordinary, &recorder, 1);
    EventId removed = Simulator::Schedule(PicoSeconds(2), &Recorder::Ordinary, &recorder, 2);
    EventId kept = Simulator::Schedule(PicoSeconds(3), &Recorder::Ordinary, &recorder, 3);
    CHECK(!kept.IsExpired());
    CHECK(Simulator::GetDelayLeft(kept) == PicoSeconds(3));
    cancelled.Cancel();
    Simulator::Remove(removed);
    CHECK(cancelled.IsExpired());
    CHECK(removed.IsExpired());
    Simulator::Run();
    CHECK(recorder.log == std::vector<std::string>{"3 ordinary 3"});
    CHECK(kept.IsExpired());
}

TEST_CASE("Stop ends the run after the event that called it, and Run goes on from there")
{
    const Simulation simulation;
    EventClock clock;
    Recorder recorder;
    EventChannel events(clock, recorder, EventPhase::ARRIVE);
    recorder.next = [&](uint64_t) { clock.Stop(); };
    events.Schedule(1, 1);
    events.Schedule(1, 2);
    Simulator::Stop(PicoSeconds(7));
    events.Schedule(9, 3);
    Simulator::Run();
    CHECK(recorder.log.size() == 1);
    Simulator::Run();
    CHECK(recorder.log.size() == 2);
    recorder.next = nullptr;
    Simulator::Run();
    CHECK(recorder.log.size() == 2);
    CHECK(clock.Now() == 7);
    Simulator::Run();
    CHECK(recorder.log.size() == 3);
    CHECK(Simulator::IsFinished());
}

TEST_CASE("the last event, of either kind, sees that nothing is left")
{
    const Simulation simulation;
    EventClock clock;
    Recorder recorder;
    EventChannel events(clock, recorder, EventPhase::ARRIVE);
    std::vector<bool> finished;
    recorder.next = [&](uint64_t) { finished.push_back(Simulator::IsFinished()); };
    events.Schedule(1, 1);
    events.Schedule(2, 2);
    Simulator::Run();
    Simulator::Schedule(PicoSeconds(1), [&] { finished.push_back(Simulator::IsFinished()); });
    Simulator::Run();
    CHECK(finished == std::vector<bool>{false, true, true});
}

TEST_CASE("destroy events run at Destroy, and contexts are those asked for")
{
    Recorder recorder;
    uint32_t context = 0;
    {
        const Simulation simulation;
        EventClock clock;
        EventChannel events(clock, recorder, EventPhase::ARRIVE);
        Simulator::ScheduleDestroy(&Recorder::Ordinary, &recorder, 1);
        EventId not_run = Simulator::ScheduleDestroy(&Recorder::Ordinary, &recorder, 2);
        CHECK(!not_run.IsExpired());
        not_run.Cancel();
        Simulator::ScheduleWithContext(42, PicoSeconds(3), [&] {
            context = Simulator::GetContext();
        });
        events.Schedule(4, 3);
        Simulator::Run();
    }
    CHECK(context == 42);
    CHECK(recorder.log == std::vector<std::string>{"4 typed 3", "4 ordinary 1"});
}

TEST_CASE("an event with a context has its turn among those of its instant, as they came")
{
    const Simulation simulation;
    Recorder recorder;
    Simulator::Schedule(PicoSeconds(1), [&] {
        Simulator::ScheduleWithContext(5, PicoSeconds(2), &Recorder::Ordinary, &recorder, 1);
        Simulator::Schedule(PicoSeconds(2), &Recorder::Ordinary, &recorder, 2);
        Simulator::ScheduleWithContext(6, PicoSeconds(2), &Recorder::Ordinary, &recorder, 3);
    });
    Simulator::Run();
    CHECK(recorder.log == std::vector<std::string>{"3 ordinary 1", "3 ordinary 2", "3 ordinary 3"});
}

TEST_CASE("another thread may schedule with a context")
{
    const Simulation simulation;
    Recorder recorder;
    Simulator::Schedule(PicoSeconds(1), [&] {
        std::thread([&] {
            Simulator::ScheduleWithContext(5, PicoSeconds(2), &Recorder::Ordinary, &recorder, 1);
        }).join();
    });
    Simulator::Schedule(PicoSeconds(2), &Recorder::Ordinary, &recorder, 2);
    Simulator::Run();
    CHECK(recorder.log == std::vector<std::string>{"2 ordinary 2", "3 ordinary 1"});
}

TEST_SUITE_END();
