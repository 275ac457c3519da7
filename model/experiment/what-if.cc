/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/what-if.h"

#include "experiment/mode-choice.h"
#include "experiment/units.h"
#include "training/memory-plan.h"
#include "training/mixed-cluster.h"

#include "ns3/mtlink-full-mesh-topology.h"
#include "ns3/nstime.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double BYTE = 8;            //!< Bits
constexpr double SECOND = 1e12;       //!< In ps
constexpr uint64_t LEAST_BUFFER = 32; //!< KiB of a port of a switch

/** @return whether a path of nested fabrics, as "plane.network", has a name in it. */
bool
HasName(const std::string& path, const std::string& name)
{
    return ("." + path + ".").find("." + name + ".") != std::string::npos;
}

/** @return the workload of an experiment that is a training. */
WorkloadDescription&
FindTraining(Experiment& experiment)
{
    return *std::find_if(experiment.workloads.begin(),
                         experiment.workloads.end(),
                         [](const WorkloadDescription& workload) {
                             return workload.kind == WorkloadDescription::TRAINING;
                         });
}

/** @return a training among an experiment's workloads. */
TrainingSpec&
GetTraining(Experiment& experiment)
{
    return FindTraining(experiment).training;
}

/** @return the devices of a training, of all kinds. */
std::vector<Device*>
ListDevices(TrainingSpec& spec)
{
    std::vector<Device*> devices{&spec.device};
    for (DeviceKind& kind : spec.kinds)
    {
        devices.push_back(&kind.device);
    }
    return devices;
}

/** @return how the cards of a kind share a model by themselves, for people. */
std::string
DescribeAlone(const TrainingSpec& spec)
{
    return fmt::format("tensor {}, pipeline {}, data {}, {} micro-batches each",
                       spec.parallel.tensor,
                       spec.parallel.pipeline,
                       spec.parallel.data,
                       spec.GetMicroBatches());
}

/** Take down what a kind of cards reaches alone. */
void
TakeAlone(const WhatIfRun& run, const TrainingResult& result, TrainingMix& mix)
{
    Experiment experiment = run.experiment;
    const TrainingSpec& spec = GetTraining(experiment);
    TrainingKind& kind = mix.kinds[*run.kind];
    kind.aloneTokensPerSecond = result.tokensPerSecond;
    kind.aloneLayout = DescribeAlone(spec);
    kind.aloneFits = GetMemoryExcess(spec) <= 0;
    mix.aloneMode = run.experiment.mode;
}

/**
 * What is lost to all kinds alone (HETHUB, arXiv 2405.16256).
 * @param [in,out] mix Gets it, if all kinds were simulated.
 * @param [in] tokensPerSecond Of the mixed cluster, in the same mode.
 */
void
FindLoss(TrainingMix& mix, double tokensPerSecond)
{
    double sum = 0;
    for (const TrainingKind& kind : mix.kinds)
    {
        if (!kind.aloneTokensPerSecond)
        {
            return;
        }
        sum += *kind.aloneTokensPerSecond;
    }
    mix.sumTokensPerSecond = sum;
    mix.loss = 1 - tokensPerSecond / sum;
}

/** Cards in a full mesh get as many links, each into a plane of its own that is one switch. */
class MeshSwitcher
{
  public:
    explicit MeshSwitcher(const FabricDescription& fabric)
        : m_fabric(fabric)
    {
    }

    /** @return the fabric's mapping with its scale-up switched; nothing where that is no mesh. */
    std::optional<YamlNode> Run()
    {
        YamlNode document = m_fabric.document;
        Visit(document, "", 0);
        return m_isAny ? std::optional(std::move(document)) : std::nullopt;
    }

  private:
    /** Switch the meshes at a place. @param [in] cards Of a node, if its fabric does not say. */
    void Visit(YamlNode& fabric, const std::string& path, uint32_t cards)
    {
        if (fabric.Find("kind")->text == "full_mesh")
        {
            Switch(fabric, path, cards);
            return;
        }
        for (const char* child : {"plane", "node", "first", "second"})
        {
            if (YamlNode* nested = fabric.Find(child); nested && nested->Find("kind"))
            {
                const YamlNode* count = fabric.Find("endpoints_per_node");
                Visit(*nested,
                      path.empty() ? child : path + "." + child,
                      count ? static_cast<uint32_t>(std::stoul(count->text)) : 0);
            }
        }
    }

    void Switch(YamlNode& mesh, const std::string& path, uint32_t cards)
    {
        const auto scope = std::find_if(m_fabric.scopes.begin(),
                                        m_fabric.scopes.end(),
                                        [&](const FabricScope& s) { return s.path == path; });
        const auto index = static_cast<std::size_t>(scope - m_fabric.scopes.begin());
        const auto builder = DynamicCast<FullMeshTopology>(m_fabric.builders[index]);
        cards = cards > 0 ? cards : builder->GetCapacity();
        if (cards < 2)
        {
            return;
        }
        YamlNode link = m_fabric.given[index].link;
        LinkProfile profile = *scope->link;
        const auto own = scope->links.find("peer");
        if (own != scope->links.end())
        {
            link = m_fabric.given[index].links.at("peer");
            profile = *own->second;
        }
        YamlNode planes = MakeYaml(YamlNode::MAPPING);
        planes.Set("kind", MakeYamlScalar("planes"));
        planes.Set("endpoints", MakeYamlScalar(fmt::format("{}", cards)));
        planes.Set("planes",
                   MakeYamlScalar(fmt::format("{}", builder->GetLinksPerPair() * (cards - 1))));
        YamlNode plane = MakeYaml(YamlNode::MAPPING);
        plane.Set("kind", MakeYamlScalar("single_switch"));
        planes.Set("plane", std::move(plane));
        planes.Set("link", std::move(link));
        YamlNode chip = MakeYaml(YamlNode::MAPPING);
        chip.Set("latency",
                 MakeYamlScalar("200ns")); // assumed, as in topologies/s5000-switch-8.yaml
        chip.Set("buffer", MakeYamlScalar(GetBuffer(profile)));
        planes.Set("switch", std::move(chip));
        if (const YamlNode* endpoint = mesh.Find("endpoint"))
        {
            planes.Set("endpoint", *endpoint);
        }
        planes.source = mesh.source;
        planes.line = mesh.line;
        planes.column = mesh.column;
        mesh = std::move(planes);
        m_isAny = true;
    }

    /** @return an input buffer that never holds a link up. */
    std::string GetBuffer(const LinkProfile& link) const
    {
        constexpr double KIBI = 1024;
        const double loop = 2 * static_cast<double>(ToTicks(link.GetCreditLatency())) / SECOND;
        const double bytes = static_cast<double>(link.GetBitRate()) / BYTE * loop +
                             2.0 * (m_fabric.endpoint->GetPacket() + link.GetHeader());
        uint64_t kibibytes = LEAST_BUFFER;
        while (static_cast<double>(kibibytes) * KIBI < bytes)
        {
            kibibytes *= 2;
        }
        return fmt::format("{}KiB", kibibytes);
    }

    const FabricDescription& m_fabric; //!< As it is
    bool m_isAny{false};               //!< A mesh was switched
};

/** Makes the plan. */
class Planner
{
  public:
    Planner(const Experiment& experiment, const std::string& mode, const ModeSeconds& seconds)
        : m_experiment(experiment),
          m_runMode(mode),
          m_seconds(seconds)
    {
    }

    WhatIfPlan Run()
    {
        const auto trainings =
            std::count_if(m_experiment.workloads.begin(),
                          m_experiment.workloads.end(),
                          [](const WorkloadDescription& workload) {
                              return workload.kind == WorkloadDescription::TRAINING;
                          });
        if (trainings != 1)
        {
            m_plan.notes.emplace_back("several trainings run at once: no row says of which");
            return std::move(m_plan);
        }
        AddAlone();
        AddPerfect();
        AddSwitched();
        AddFaster();
        AddWithoutOverhead();
        AddWithoutStragglers();
        ChooseMode();
        return std::move(m_plan);
    }

  private:
    /** @return the experiment, to be changed. */
    Experiment Copy() const
    {
        return MakeQuiet(m_experiment);
    }

    void Add(std::string change, Experiment experiment)
    {
        m_plan.runs.push_back({std::move(change), std::move(experiment)});
    }

    void LeaveOut(const std::string& change, const std::string& why)
    {
        m_plan.notes.push_back(change + ": " + why);
    }

    /** Add each kind of a mixed cluster, by itself. */
    void AddAlone()
    {
        Experiment mixed = Copy();
        const TrainingSpec& spec = GetTraining(mixed);
        for (uint32_t kind = 0; kind < spec.kinds.size(); ++kind)
        {
            try
            {
                Experiment alone = Copy();
                TrainingSpec& training = GetTraining(alone);
                training = MakeAlone(spec, kind);
                WorkloadDescription& workload = FindTraining(alone);
                std::vector<uint32_t> endpoints;
                for (const uint32_t rank : ListRanks(spec, kind))
                {
                    endpoints.push_back(workload.endpoints[rank]);
                }
                workload.endpoints = std::move(endpoints);
                workload.isAllRanks = false;
                m_plan.runs.push_back({spec.kinds[kind].name + " alone", std::move(alone), kind});
            }
            catch (const ParameterError& error)
            {
                LeaveOut(spec.kinds[kind].name + " alone", error.what());
            }
        }
    }

    void AddPerfect()
    {
        Experiment perfect = Copy();
        perfect.isPerfect = true;
        perfect.faults.clear();
        Add("perfect_fabric", std::move(perfect));
    }

    void AddSwitched()
    {
        constexpr const char* CHANGE = "switched_scale_up";
        std::optional<YamlNode> document = MeshSwitcher(m_experiment.fabric).Run();
        if (!document)
        {
            LeaveOut(CHANGE, "no cards are wired to one another in a full mesh");
            return;
        }
        try
        {
            Experiment switched = Copy();
            switched.fabric = DescribeFabric(*document);
            Add(CHANGE, std::move(switched));
        }
        catch (const InputError& error)
        {
            LeaveOut(CHANGE, error.GetMessage());
        }
    }

    void AddFaster()
    {
        Experiment faster = Copy();
        std::vector<FabricScope>& scopes = faster.fabric.scopes;
        const bool hasNodes = std::any_of(scopes.begin(), scopes.end(), [](const auto& scope) {
            return HasName(scope.path, "network");
        });
        for (FabricScope& scope : scopes)
        {
            scope.speedup = !hasNodes || HasName(scope.path, "network") ? 2 : 1;
        }
        Add("network_twice_as_fast", std::move(faster));
    }

    void AddWithoutOverhead()
    {
        Experiment without = Copy();
        const EndpointProfile& endpoint = *without.fabric.endpoint;
        bool isAny =
            !endpoint.GetMessageOverhead().IsZero() || !endpoint.GetOperationOverhead().IsZero();
        for (Device* device : ListDevices(GetTraining(without)))
        {
            isAny = isAny || device->launch > 0 || device->collectiveStep > 0 ||
                    device->collectiveFixed > 0;
            device->launch = 0;
            device->collectiveStep = 0;
            device->collectiveFixed = 0;
        }
        if (!isAny)
        {
            LeaveOut("no_software_overhead", "there is none");
            return;
        }
        const Ptr<EndpointProfile> own = CopyObject(Ptr<const EndpointProfile>(&endpoint));
        own->SetAttribute("MessageOverhead", TimeValue(Time(0)));
        own->SetAttribute("OperationOverhead", TimeValue(Time(0)));
        without.fabric.endpoint = own;
        Add("no_software_overhead", std::move(without));
    }

    void AddWithoutStragglers()
    {
        Experiment without = Copy();
        bool isAny = false;
        for (Device* device : ListDevices(GetTraining(without)))
        {
            isAny = isAny || device->straggler.slow > 0 || device->straggler.sigma > 0;
            device->straggler = {};
        }
        if (!isAny)
        {
            LeaveOut("no_stragglers",
                     GetTraining(without).kinds.empty() ? "all cards are alike"
                                                        : "all cards of a kind are alike");
            return;
        }
        Add("no_stragglers", std::move(without));
    }

    /** @return nominal seconds of all runs in a mode. */
    double GetSeconds(const std::string& mode) const
    {
        const double one = mode == "packet" ? m_seconds.packet
                           : mode == "flow" ? m_seconds.flow
                                            : m_seconds.bound;
        const auto others = static_cast<double>(m_plan.runs.size()) - 1; // one is perfect
        return m_seconds.bound + one * (mode == m_runMode ? others : others + 1);
    }

    /** @return whether a mode has all that is run. */
    bool IsPossible(const std::string& mode) const
    {
        if (mode == m_runMode)
        {
            return true;
        }
        try
        {
            mode == "flow" ? CheckFlow(m_experiment) : CheckBound(m_experiment);
        }
        catch (const InputError&)
        {
            return false;
        }
        return true;
    }

    void ChooseMode()
    {
        std::string mode;
        std::string quickest;
        for (const std::string& candidate : {m_runMode, std::string("flow"), std::string("bound")})
        {
            const bool isQuicker =
                IsPossible(candidate) &&
                (quickest.empty() || GetSeconds(candidate) < GetSeconds(quickest));
            quickest = isQuicker ? candidate : quickest;
            if (isQuicker && mode.empty() && GetSeconds(candidate) <= WHAT_IF_SECONDS)
            {
                mode = candidate;
            }
        }
        if (mode.empty() && m_experiment.whatIf != WhatIf::ALWAYS)
        {
            m_plan.runs.clear();
            m_plan.notes = {fmt::format("none: the runs would take about {:.2g} s in mode {}, more "
                                        "than {:.0f} s; ask for them by 'measure: {{what_if: "
                                        "true}}'",
                                        GetSeconds(quickest),
                                        quickest,
                                        WHAT_IF_SECONDS)};
            return;
        }
        mode = mode.empty() ? quickest : mode;
        m_plan.seconds = GetSeconds(mode);
        if (mode != m_runMode)
        {
            m_plan.runs.insert(m_plan.runs.begin(), {WHAT_IF_UNCHANGED, Copy()});
        }
        for (WhatIfRun& run : m_plan.runs)
        {
            run.experiment.mode = run.experiment.isPerfect ? "bound" : mode;
            run.experiment.memo = m_experiment.memo && run.experiment.mode != "bound";
        }
    }

    const Experiment& m_experiment; //!< As it is
    const std::string& m_runMode;   //!< Its mode
    const ModeSeconds& m_seconds;   //!< What a run takes
    WhatIfPlan m_plan;              //!< What is made
};

} // namespace

WhatIfPlan
PlanWhatIf(const Experiment& experiment, const std::string& mode, const ModeSeconds& seconds)
{
    return Planner(experiment, mode, seconds).Run();
}

void
RunWhatIf(const WhatIfPlan& plan, const WhatIfSimulation& simulate, TrainingResult& training)
{
    training.whatIfNotes = plan.notes;
    double tokensPerSecond = training.tokensPerSecond; // in the rows' mode
    for (const WhatIfRun& run : plan.runs)
    {
        std::string why;
        try
        {
            if (const std::optional<TrainingResult> result = simulate(run.experiment, why))
            {
                if (run.kind)
                {
                    TakeAlone(run, *result, *training.mix);
                    continue;
                }
                if (run.change == WHAT_IF_UNCHANGED)
                {
                    tokensPerSecond = result->tokensPerSecond;
                }
                training.whatIf.push_back(
                    {run.change, run.experiment.mode, result->iterationTimeNs, result->mfu});
                continue;
            }
        }
        catch (const InputError& error)
        {
            why = error.GetMessage();
        }
        training.whatIfNotes.push_back(run.change + ": " + why);
    }
    if (training.mix)
    {
        FindLoss(*training.mix, tokensPerSecond);
    }
}

} // namespace mtlink
} // namespace ns3
