/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ITERATION_GRAPH_H
#define MTLINK_ITERATION_GRAPH_H

#include "training/blocks.h"
#include "training/data-reads.h"
#include "training/layer-steps.h"
#include "training/rank-layout.h"
#include "training/schedule.h"
#include "training/training-spec.h"
#include "workload/collective/collective.h"
#include "workload/operation-graph.h"

#include "ns3/mtlink-results.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** Operations from which on tensor groups are folded: 3 GB of memory. */
inline constexpr double MOST_UNFOLDED = 2e7;

/**
 * @ingroup mtlink
 * A collective of an iteration, as it stands in the graph.
 */
struct IterationCollective
{
    uint32_t firstBegin; //!< LAUNCH of member 0; the others' follow
    uint32_t firstEnd;   //!< End of member 0; the others' follow
    uint32_t members;    //!< How many
    GroupKind group;     //!< Among whom
    bool isOfInput;      //!< Hands training data on: it waits for who has read
};

/**
 * @ingroup mtlink
 * @param [in] choice What a training says.
 * @param [in] kind A kind of group.
 * @param [in] collective A collective of such groups.
 * @return by which algorithm it runs.
 */
std::string GetGroupAlgorithm(const CollectiveChoice& choice,
                              GroupKind kind,
                              const std::string& collective);

/**
 * @ingroup mtlink
 * @param [in] spec A training.
 * @param [in] isFolded Whether its tensor groups are.
 * @return operations that its graph has, at most.
 */
double CountOperations(const TrainingSpec& spec, bool isFolded);

/**
 * @ingroup mtlink
 * Refuse a device whose kernels alone would beat its peak: MFU would be above 1; and an iteration
 * whose kernels alone take longer than simulated time can tell.
 * @param [in] spec A training.
 * @throws ParameterError that says by how much.
 */
void CheckPeak(const TrainingSpec& spec);

/**
 * @ingroup mtlink
 * @param [in] spec A training.
 * @return the collectives of its tensor groups, by name and nccl-tests' size; times are left out.
 */
TensorTimes ListTensorCollectives(const TrainingSpec& spec);

/**
 * @ingroup mtlink
 * Training iterations as an operation graph, one rank for each card; then, where training data is
 * read (DataReads), one for each endpoint of its store.
 *
 * A card's kernels run one after another in the order of its schedule; kernels with no collective
 * between them are one COMPUTE, whose `tag` tells by GetBlock() what it is made of. A
 * collective is launched after the kernels before it and waited for where its result is needed;
 * those of one group and kind run one after another, as on a stream. Activations and their
 * gradients go from stage to stage as messages of each card of a tensor group to its like; a stage
 * that waits for one has posted its receive with the visit before.
 *
 * Folded, the cards of a tensor group are one: a COMPUTE of its first card has the collectives of
 * the group within it, and waits for all that its members wait for. That is exact where they are
 * ready at the same instant, as equal cards are that wait for equal messages: see GetSkew() of
 * TimeAccount. Groups that are apart are replayed card by card beside them.
 */
class IterationGraph
{
  public:
    /**
     * @param [in] spec The training, checked; must outlive this.
     * @param [in] endpoints The endpoint of each rank.
     * @param [in] slowness By rank: times that its kernels take longer; empty: 1.
     * @param [in] hints The fabric.
     * @param [in] fold Which tensor groups are folded; nullptr: none is. Must outlive this.
     */
    IterationGraph(const TrainingSpec& spec,
                   const std::vector<uint32_t>& endpoints,
                   const std::vector<double>& slowness,
                   const FabricHints& hints,
                   const TensorFold* fold = nullptr);

    /** @return the graph, finished; once. */
    OperationGraph TakeGraph()
    {
        return std::move(m_graph);
    }

    /** @return what a COMPUTE is made of. @param [in] operation It. */
    const Block& GetBlock(const Operation& operation) const
    {
        return m_blocks[operation.tag];
    }

    /** @return whether tensor groups are folded. */
    bool IsFolded() const
    {
        return m_fold != nullptr;
    }

    /** @return whether a rank is an endpoint of the store of training data. @param [in] rank It. */
    bool IsStore(uint32_t rank) const
    {
        return rank >= m_spec.GetCards();
    }

    /**
     * @param [in] rank A card.
     * @return the cards that it is replayed with, the first first: of its tensor group where that
     * is folded.
     */
    std::vector<uint32_t> GetTeam(uint32_t rank) const;

    /** @return the collectives, by index in the graph. */
    const std::vector<IterationCollective>& GetCollectives() const
    {
        return m_collectives;
    }

    /** @return ranks and groups. */
    const RankLayout& GetLayout() const
    {
        return m_layout;
    }

    /** @return the request of a read of training data. @param [in] receive A card's receive. */
    uint32_t GetReadRequest(uint32_t receive) const
    {
        return m_reads->GetRequest(receive);
    }

    /** @return the class of a card's tensor group, or APART. @param [in] stage Its stage. */
    uint32_t GetFoldClass(uint32_t stage, uint32_t place) const;

    /** @return what is sent in one iteration. */
    const std::vector<TrainingTraffic>& GetTraffic() const
    {
        return m_traffic;
    }

  private:
    /** A collective that a card has launched and not waited for. */
    struct Outstanding
    {
        GroupKind group;        //!< Among whom
        const char* collective; //!< Which
        uint32_t end;           //!< Its end on this card
    };

    /** How far a card's part of the graph is. */
    struct Card
    {
        uint32_t last{NONE};                  //!< Its latest COMPUTE
        std::vector<uint32_t> pending;        //!< What its next one waits for, too
        std::vector<Outstanding> outstanding; //!< In order of launch
    };

    /** Replicas that have as many micro-batches, and so the same schedule. */
    struct Crew
    {
        std::vector<bool> places; //!< By place: whether it is theirs
        TrainingSpec view;        //!< The training as they see it
    };

    /** Cards of a stage that are replayed as one: their places. */
    using Team = std::vector<uint32_t>;

    /** A crew's visit. */
    struct Turn
    {
        const Crew* crew; //!< Whose
        Visit visit;      //!< It
    };

    /** Tags of a visit's blocks, by slowness, index of steps, and class as GetFoldClass(). */
    using BlockTags = std::map<std::tuple<double, uint32_t, uint32_t>, std::vector<uint32_t>>;

    /** What all cards of a stage do in a visit. */
    struct Part
    {
        std::vector<Steps> steps; //!< In steps, as m_steps
        BlockTags tags;           //!< In blocks
    };

    /** Find what is replayed as one. */
    void MakeTeams();

    /** Sort replicas by how many micro-batches they have. */
    void MakeCrews();

    /** @return whether a card's tensor group is folded. @param [in] stage Its stage. */
    bool IsFolded(uint32_t stage, uint32_t place) const
    {
        return GetFoldClass(stage, place) != TensorFold::APART;
    }

    void AddIteration(uint32_t iteration);

    /** Add all visits of a stage: crews by themselves, but where they may sum gradients. */
    void AddVisits(uint32_t stage, uint32_t iteration);

    /** Add a visit of one crew, or such visits of all crews together. */
    void AddVisit(uint32_t stage, const std::vector<Turn>& turns, uint32_t iteration);
    void AddPart(const std::vector<uint32_t>& stages,
                 const char* name,
                 Part& part,
                 const Crew& crew);
    void AddKernels(uint32_t stage, const Team& team, uint32_t tag);
    void AddCollectives(uint32_t stage, const Step& step, const Crew& crew);
    void AddCollectiveOf(const Step& step, const std::vector<uint32_t>& ranks);

    /** @return whether a collective that a stage launches is not added with another stage's. */
    bool IsAddedWith(uint32_t stage, const Step& step) const;

    void Wait(Card& card, const Step& step) const;

    /** Send to where a visit's result is needed. */
    void AddSends(uint32_t stage, const Visit& visit, const Crew& crew, uint32_t iteration);

    /** Receive what a visit needs. */
    void AddReceives(uint32_t stage, const Visit& visit, const Crew& crew, uint32_t iteration);

    /** Read the training data that a visit needs. */
    void AddReads(uint32_t stage, const Visit& visit, const Crew& crew);

    /** @return what a card's next operation waits for. */
    static std::vector<uint32_t> ListBefore(const Card& card);

    /** Count collectives of a stage. */
    void CountTraffic(uint32_t stage, const Steps& steps, const Crew& crew);

    /** Let an operation wait for all that its card has done. */
    void RequireCard(uint32_t operation, const Card& card);

    /** @return the tags of a part's blocks for a team. */
    const std::vector<uint32_t>& GetTags(const char* name,
                                         Part& part,
                                         uint32_t stage,
                                         const Team& team);

    /** @return who sends how much to whom in an expert group. */
    std::vector<uint64_t> MakeCounts(const Step& step, const std::vector<uint32_t>& ranks) const;

    /** @return a card. @param [in] stage Its stage. @param [in] place Its place there. */
    Card& At(uint32_t stage, uint32_t place)
    {
        return m_cards[m_layout.GetRank(stage, place)];
    }

    /** @return the slowness of the slowest of some cards of a stage. */
    double GetSlowness(uint32_t stage, const std::vector<uint32_t>& places) const;

    const TrainingSpec& m_spec;                               //!< The training
    const std::vector<uint32_t>& m_endpoints;                 //!< By rank
    const std::vector<double>& m_slowness;                    //!< By rank; empty: 1
    const FabricHints& m_hints;                               //!< The fabric
    std::vector<std::unique_ptr<const TrainingSpec>> m_views; //!< By kind of card
    uint32_t m_members{1};                          //!< Of an expert group, that do unlike things
    std::vector<LayerSteps> m_steps;                //!< What cards do, by kind and member
    RankLayout m_layout;                            //!< Ranks and groups
    OperationGraph m_graph;                         //!< What is made
    std::vector<Card> m_cards;                      //!< By rank
    std::unique_ptr<DataReads> m_reads;             //!< Nullptr: training data is there
    const TensorFold* m_fold;                       //!< Nullptr: nothing is folded
    std::vector<std::vector<Team>> m_teams;         //!< By stage
    std::vector<Crew> m_crews;                      //!< By number of micro-batches
    Crew m_everyone;                                //!< All replicas
    std::vector<Block> m_blocks;                    //!< By tag of a COMPUTE
    std::vector<IterationCollective> m_collectives; //!< By index in the graph
    uint64_t m_sendBytes;                           //!< From a card to the next stage's
    std::vector<TrainingTraffic> m_traffic;         //!< Of an iteration

    /** By stage, chunk, kind of visit and whether it does more than others of that kind. */
    std::map<std::tuple<uint32_t, uint32_t, uint8_t, bool>, Part> m_visits;
    std::map<uint32_t, Part> m_begins;   //!< By stage
    std::map<uint32_t, Part> m_finishes; //!< By stage

    /** Of an iteration, by group, collective, members and size. */
    std::map<std::tuple<std::string, std::string, uint32_t, uint64_t>, uint64_t> m_counts;

    /** What tells two ways of tokens apart: leg, whether back, layer. */
    using RouteKey = std::tuple<uint8_t, bool, uint32_t>;

    /** Plans by kind, collective, size, first member and route, of collectives that come again. */
    std::map<std::tuple<GroupKind, std::string, uint64_t, uint32_t, RouteKey>, PlannedCollective>
        m_plans;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ITERATION_GRAPH_H
