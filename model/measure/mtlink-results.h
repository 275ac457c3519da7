/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RESULTS_H
#define MTLINK_RESULTS_H

#include "ns3/mtlink-emulation-result.h"
#include "ns3/mtlink-fidelity.h"
#include "ns3/mtlink-stability-result.h"
#include "ns3/mtlink-tick.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * Mean and percentiles of a latency, in nanoseconds. */
struct LatencyResult
{
    double mean{0}; //!< Mean, exact
    double p50{0};  //!< Median
    double p99{0};  //!< 99th percentile
    double p999{0}; //!< 99.9th percentile
    double max{0};  //!< Largest, exact
};

/** @ingroup mtlink
 * One row of collectives.csv, one entry of `collectives` in summary.json. */
struct CollectiveResult
{
    uint32_t id{0};                      //!< From 0, in order of the workload
    std::string name;                    //!< "all_reduce", ...
    std::string algorithm;               //!< As run
    uint32_t ranks{0};                   //!< Participants
    uint64_t bytes{0};                   //!< nccl-tests' size
    Tick start{NEVER};                   //!< First start; NEVER: not started
    Tick end{NEVER};                     //!< Last end; NEVER: not finished
    double busFactor{1};                 //!< busbw / algbw
    Tick bound{0};                       //!< Lower bound of the duration; 0: not known
    std::string workload;                //!< Name of its workload where several run
    Fidelity fidelity{Fidelity::PACKET}; //!< What its times are worth: the worst of its messages
};

/** @ingroup mtlink
 * One row of messages.csv. */
struct MessageResult
{
    uint32_t src{0};          //!< Source endpoint
    uint32_t dst{0};          //!< Destination endpoint
    uint64_t bytes{0};        //!< Payload
    int64_t collective{-1};   //!< Its id, or -1
    Tick start{NEVER};        //!< Handed to the endpoint
    Tick end{NEVER};          //!< Last bit in; NEVER: not delivered
    uint32_t flow{0};         //!< Flow label, as a ring's channel; in no table
    uint32_t trafficClass{0}; //!< Its traffic class
    uint64_t id{0};           //!< From 0, by start, then workload, then order of sending
};

/** @ingroup mtlink
 * How many rows of a table there are, and how many its file has. */
struct RowCount
{
    uint64_t all{0};      //!< Messages, links or queues of the run
    uint64_t written{0};  //!< Rows of the file
    uint64_t oneIn{1};    //!< Messages: of so many one is written; 0: there is no file
    uint64_t unlisted{0}; //!< Messages: of all, those that no row can be of, as their rings were
                          //!< carried as a whole, or a memo repeated them
};

/** @ingroup mtlink
 * What the large tables have: `rows` in summary.json. */
struct TableRows
{
    RowCount messages; //!< Of messages.csv
    RowCount links;    //!< Of links.csv
    RowCount queues;   //!< Of queues.csv
};

/** @ingroup mtlink
 * One row of nodes.csv: an endpoint or a switch. */
struct NodeResult
{
    std::string name;  //!< "gpu0", "plane3/switch"
    std::string kind;  //!< "endpoint", "switch"
    std::string part;  //!< Part of the fabric that it belongs to alone, "node3/"; empty: the whole
    uint32_t level{0}; //!< Links to the nearest endpoint; where links are by level
    std::string group{}; //!< Group that it is drawn in; where links are by level
};

/** @ingroup mtlink
 * One row of links.csv: one direction of one cable. */
struct LinkResult
{
    std::string name;         //!< "gpu0:3"
    std::string from;         //!< Sending node
    std::string to;           //!< Receiving node
    std::string cls;          //!< Link class, "plane/endpoint"
    double bitsPerSecond{0};  //!< Rate
    Tick latency{0};          //!< One way
    uint64_t packets{0};      //!< Packets sent
    uint64_t payloadBytes{0}; //!< Payload sent
    uint64_t wireBytes{0};    //!< With headers and rounding to flits
    Tick busy{0};             //!< Time that bits were on the sender's wire
    Tick creditStall{0};      //!< Time that data waited and no VC had credit for it
    uint64_t retries{0};      //!< Packets sent again, each time
    uint64_t errors{0};       //!< Packets that came in corrupted, each time
    Tick replayFull{0};       //!< Time that the wire was idle since the replay buffer was full
    Tick down{0};             //!< Time that it was down
    Tick degraded{0};         //!< Time that it was up with fewer lanes
    uint64_t packetsLost{0};  //!< Packets that its faults took
    uint32_t id{0};           //!< Its number in the fabric
};

/** @ingroup mtlink
 * One row of link_levels.csv: the links of one class from one group of nodes to another. */
struct LinkLevelResult
{
    std::string from;              //!< Group of the sending nodes
    std::string to;                //!< Group of the receiving nodes
    std::string cls;               //!< Link class
    uint64_t links{0};             //!< How many
    double bitsPerSecond{0};       //!< Sum
    uint64_t packets{0};           //!< Sum
    uint64_t payloadBytes{0};      //!< Sum
    uint64_t leastPayloadBytes{0}; //!< Of a link
    uint64_t mostPayloadBytes{0};  //!< Of a link
    uint64_t wireBytes{0};         //!< Sum
    Tick busy{0};                  //!< Sum
    Tick leastBusy{0};             //!< Of a link
    Tick mostBusy{0};              //!< Of a link
    Tick creditStall{0};           //!< Sum
    Tick leastCreditStall{0};      //!< Of a link
    Tick mostCreditStall{0};       //!< Of a link
    uint64_t retries{0};           //!< Sum
    uint64_t errors{0};            //!< Sum
    Tick replayFull{0};            //!< Sum
    Tick down{0};                  //!< Sum
    Tick degraded{0};              //!< Sum
    uint64_t packetsLost{0};       //!< Sum
};

/** @ingroup mtlink
 * One row of queue_levels.csv: the queues of a group of nodes that links of one class fill. */
struct QueueLevelResult
{
    std::string node;         //!< Group of the owners
    std::string cls;          //!< Class of the links that fill them, or "reorder"
    uint32_t vc{0};           //!< Virtual channel
    uint64_t queues{0};       //!< How many held anything
    uint32_t depthFlits{0};   //!< Largest size
    double leastMeanFlits{0}; //!< Of a queue
    double meanFlits{0};      //!< Mean of the queues' means
    double mostMeanFlits{0};  //!< Of a queue
    double mostP99Flits{0};   //!< Of a queue
    uint32_t maxFlits{0};     //!< Most that any held
};

/** @ingroup mtlink
 * One row of queues.csv: one input buffer (port and VC) of a switch, or an endpoint's source queue.
 */
struct QueueResult
{
    std::string node;       //!< Owner
    std::string link;       //!< Link that fills it, "gpu0:3"
    uint32_t vc{0};         //!< Virtual channel
    uint32_t depthFlits{0}; //!< Its size
    double meanFlits{0};    //!< Time-weighted mean occupancy
    double p99Flits{0};     //!< Occupancy not exceeded in 99 % of the time
    uint32_t maxFlits{0};   //!< Most
};

/** @ingroup mtlink
 * One row of series.csv: one link in one sample interval; only links that did something. */
struct SampleResult
{
    Tick start{0};          //!< Start of the interval
    uint32_t link{0};       //!< Index into RunResults::links
    double utilisation{0};  //!< Share of the interval that bits were on the wire
    double stall{0};        //!< Share of the interval in credit stall
    uint32_t queueFlits{0}; //!< Occupancy of the buffers that the link fills, at the interval's end
};

/** @ingroup mtlink
 * One row of congestion.csv: a port that held others up, and one that was held up. */
struct CongestionResult
{
    std::string root;   //!< Link that was the root of the waiting chain
    std::string victim; //!< Link that waited
    Tick stall{0};      //!< Time that it waited for that root, summed
    uint64_t times{0};  //!< Number of waits
};

/** @ingroup mtlink
 * One row of congestion_flows.csv: a port that held others up, and a flow that was held up. */
struct CongestionFlowResult
{
    std::string root;  //!< Link that was the root of the waiting chain
    uint32_t src{0};   //!< Source endpoint of the flow
    uint32_t dst{0};   //!< Its destination
    std::string role;  //!< "cause": its own way may lead over the root; "victim": it does not
    Tick stall{0};     //!< Time that its packets waited for that root, summed
    uint64_t times{0}; //!< Number of waits
};

/** @ingroup mtlink
 * One row of classes.csv: a traffic class, where there are several. */
struct ClassResult
{
    uint32_t trafficClass{0};    //!< Its number
    uint64_t messages{0};        //!< Delivered whole; those that the network reduces not counted
    uint64_t packets{0};         //!< Delivered
    uint64_t payloadBytes{0};    //!< Delivered
    double acceptedGBps{0};      //!< Payload delivered in the measured window, over its length
    LatencyResult packetLatency; //!< Creation to tail delivered, measured window
};

/** @ingroup mtlink
 * One row of settings.csv: a setting of the experiment as it ran, and where it comes from. */
struct SettingResult
{
    std::string setting;    //!< Path in experiment.yaml, "fabric.switch.buffer"
    std::string value;      //!< As written there
    std::string source;     //!< "topologies/s5000-mesh-8.yaml:17"; empty: a default
    std::string provenance; //!< "vendor", "press", "inferred", "assumed", ...; empty: not said
    std::string note;       //!< What stands beside the value in its file, or empty
    std::string meaning;    //!< Of the setting
};

/** @ingroup mtlink
 * One row of flows.csv: a flow under congestion control. */
struct ControlledFlowResult
{
    uint32_t src{0};           //!< Endpoint where it begins
    uint32_t dst{0};           //!< Endpoint where it, or its leg, ends
    uint32_t trafficClass{0};  //!< Its traffic class
    uint64_t packets{0};       //!< Acknowledged
    uint64_t lost{0};          //!< Lost by faults, as far as the source has heard
    uint64_t marks{0};         //!< Of them marked
    uint64_t notifications{0}; //!< That told the source to slow down
    double meanDelayNs{0};     //!< First bit out to acknowledgement in, mean
    Tick maxDelay{0};          //!< ..., longest
    double rateGBps{0};        //!< That its control allows at the end
};

/** @ingroup mtlink
 * A slice of the timeline: a time at which a link waited for credit, or was not up. */
struct LinkSpanResult
{
    /** What the link did. */
    enum Kind : uint8_t
    {
        STALL,    //!< Data waited, and no VC had credit for it
        DOWN,     //!< It carried nothing
        DEGRADED, //!< It was up with fewer lanes
    };

    uint32_t link{0};  //!< Index into RunResults::links
    Kind kind{STALL};  //!< What it did
    uint32_t lanes{0}; //!< DEGRADED: lanes that were up
    Tick start{0};     //!< Start
    Tick end{0};       //!< End
};

/** @ingroup mtlink
 * A slice of the timeline: an operation of a rank. */
struct OperationResult
{
    uint32_t rank{0}; //!< Endpoint
    std::string kind; //!< "compute", "send", "receive", "reduce"
    std::string name; //!< What to show
    Tick start{0};    //!< Start
    Tick end{0};      //!< End
};

/** @ingroup mtlink
 * What the cost model says of the fabric: `cost` in summary.json. */
struct CostResult
{
    double area{0};          //!< Of all switch chips, mm2
    double chipArea{0};      //!< Of the largest, mm2
    double power{0};         //!< Of chips, endpoints' SerDes and optical modules, W
    double chipPower{0};     //!< Of the chip that takes most, W
    uint64_t serdes{0};      //!< In switch chips and endpoints
    uint64_t bufferBytes{0}; //!< Memory of all switch chips
};

/** @ingroup mtlink
 * What the time of a training iteration goes to, on one card. */
enum class TrainingCause : uint8_t
{
    COMPUTE,   //!< Kernels that the model needs, on a card of nominal speed
    RECOMPUTE, //!< Kernels that are run a second time, likewise
    OPTIMIZER, //!< Kernels that change the weights, likewise
    HOST,      //!< Launches of kernels and collectives
    TENSOR,    //!< Exposed communication of tensor groups
    PIPELINE,  //!< ... between stages
    DATA,      //!< ... of data groups
    EXPERT,    //!< ... of expert groups
    CONTEXT,   //!< ... of context groups
    BUBBLE,    //!< Waiting for a stage that has not sent yet
    STRAGGLER, //!< What slow cards take longer, and waiting for members of a group
    INPUT,     //!< Waiting for training data
};

/** Number of causes. */
inline constexpr std::size_t TRAINING_CAUSES = 12;

/** Names as in results, by TrainingCause. */
inline constexpr std::array<const char*, TRAINING_CAUSES> TRAINING_CAUSE_NAMES{"compute",
                                                                               "recompute",
                                                                               "optimizer",
                                                                               "host",
                                                                               "tensor",
                                                                               "pipeline",
                                                                               "data",
                                                                               "expert",
                                                                               "context",
                                                                               "bubble",
                                                                               "straggler",
                                                                               "input"};

/** @ingroup mtlink
 * One row of lanes.csv: what a card of a stage did, of one kind; several alike may be one row. */
struct LaneResult
{
    uint32_t stage{0};    //!< Stage
    uint32_t endpoint{0}; //!< The card
    std::string lane;     //!< "compute", or a kind of communication, by TRAINING_CAUSE_NAMES
    std::string name;     //!< "forward", "all_gather 8MiB"; of several not alike: the lane
    Tick start{0};        //!< Start of the first
    Tick end{0};          //!< End of the last
    Tick busy{0};         //!< Time at which one at least was under way
    uint64_t count{1};    //!< How many
};

/** @ingroup mtlink
 * Memory of a card of a stage, bytes. */
struct TrainingMemory
{
    uint32_t stage{0};     //!< Of the pipeline
    std::string device;    //!< Kind of its cards; empty: all cards are alike
    double weights{0};     //!< Weights
    double gradients{0};   //!< Gradients
    double optimizer{0};   //!< Copy in 32 bit and moments
    double activations{0}; //!< Of the micro-batches in flight
    double limit{0};       //!< That the card has

    /** @return all that is needed. */
    double GetTotal() const
    {
        return weights + gradients + optimizer + activations;
    }
};

/** @ingroup mtlink
 * Collectives of one kind, size and group size in an iteration. */
struct TrainingTraffic
{
    std::string group;      //!< "tensor", "data", ...
    std::string collective; //!< "all_gather", ..., "send"
    uint32_t members{0};    //!< Of a group
    uint64_t bytes{0};      //!< nccl-tests' size of one
    uint64_t count{0};      //!< In an iteration, all groups
};

/** @ingroup mtlink
 * What an iteration would take if something were otherwise. */
struct TrainingWhatIf
{
    std::string change;        //!< "perfect_fabric", ...
    std::string mode;          //!< That it was simulated in
    double iterationTimeNs{0}; //!< Then
    double mfu{0};             //!< Then
};

/** @ingroup mtlink
 * A search for the split of layers or micro-batches that makes an iteration quickest. */
struct TrainingBalance
{
    std::string what;             //!< "stages", "micro_batches"
    std::vector<uint32_t> chosen; //!< By stage or virtual stage; by replica
    uint64_t tried{0};            //!< Splits
    uint64_t refused{0};          //!< Of them, for memory
    double timeNs{0};             //!< Of the chosen one, without communication
    double evenNs{0};             //!< Of the most even one, likewise
};

/** @ingroup mtlink
 * Cards of one kind in a mixed cluster. */
struct TrainingKind
{
    std::string name;  //!< The kind's
    uint32_t cards{0}; //!< How many
    double peak{0};    //!< FLOP/s of one, linear layers
    /** What its cards would reach without the others; nothing: not simulated. */
    std::optional<double> aloneTokensPerSecond;
    std::string aloneLayout; //!< How they would share the model then
    bool aloneFits{true};    //!< Their memory would hold it
};

/** @ingroup mtlink
 * A mixed cluster, beside what its kinds of cards could do. */
struct TrainingMix
{
    std::vector<TrainingKind> kinds;   //!< In order of the experiment
    double boundNs{0};                 //!< Least time of an iteration: its kernels, spread over all
    std::optional<double> lossToBound; //!< 1 - that / the iteration
    std::optional<double> sumTokensPerSecond; //!< Of all kinds alone
    std::optional<double> loss;               //!< 1 - tokens/s / that sum, both in aloneMode
    std::string aloneMode;                    //!< In which they were simulated; empty: not
};

/** @ingroup mtlink
 * How cards share a training. */
struct TrainingLayout
{
    uint32_t tensor{1};            //!< Cards that share each layer
    uint32_t context{1};           //!< Cards that share each sequence
    uint32_t pipeline{1};          //!< Stages
    uint32_t data{1};              //!< Replicas
    uint32_t expert{1};            //!< Cards that share the experts of a layer
    uint32_t virtualStages{1};     //!< Chunks of layers on each card
    uint32_t micro{1};             //!< Sequences of a micro-batch
    uint32_t zero{0};              //!< What data groups share
    std::string recompute{"none"}; //!< What is not kept
};

/** @ingroup mtlink
 * A layout that was looked at, and fits. */
struct TrainingTried
{
    TrainingLayout layout;                 //!< It
    double memoryBytes{0};                 //!< Of the fullest card
    double leastTimeNs{0};                 //!< Of an iteration, without simulating it
    std::optional<double> iterationTimeNs; //!< Simulated; nothing: it was not
    std::optional<double> mfu;             //!< Likewise
    std::string note;                      //!< "chosen", or why not
};

/** @ingroup mtlink
 * The search for a training's layout. */
struct TrainingSearch
{
    uint64_t looked{0};               //!< Layouts that the cards divide into
    uint64_t indivisible{0};          //!< ... of which heads, layers, batch or sequence don't
    uint64_t tooLarge{0};             //!< ... that do not fit the cards' memory
    uint64_t fit{0};                  //!< ... that do
    std::vector<TrainingTried> tried; //!< Of these, the first by their least time
};

/** @ingroup mtlink
 * Training iterations: `training` in summary.json. */
struct TrainingResult
{
    double iterationTimeNs{0};                    //!< Mean over iterations
    double mfu{0};                                //!< Of the cards' peak
    double hfu{0};                                //!< Of the cards' peak
    double tokensPerSecond{0};                    //!< All cards
    std::optional<double> daysToTrain;            //!< Nothing: number of tokens not said
    uint64_t parameters{0};                       //!< Of the model
    double modelFlops{0};                         //!< Of an iteration, all cards
    double hardwareFlops{0};                      //!< With what is done a second time
    uint32_t card{0};                             //!< Endpoint of the slowest card
    uint32_t stage{0};                            //!< Its stage
    std::array<double, TRAINING_CAUSES> timeNs{}; //!< Of that card, by TrainingCause
    std::vector<std::pair<std::string, double>> exposedByLevelNs; //!< Link class and time
    /** Kind of communication, and share of its time that was not exposed. */
    std::vector<std::pair<std::string, double>> hidden;
    std::vector<TrainingMemory> memory;    //!< By stage, there by kind of card
    std::vector<TrainingTraffic> traffic;  //!< By group and collective
    std::vector<TrainingWhatIf> whatIf;    //!< Rows of what could be otherwise
    std::vector<std::string> whatIfNotes;  //!< Why there is no row of something
    std::optional<TrainingMix> mix;        //!< Nothing: all cards are alike
    std::vector<TrainingBalance> balances; //!< Searches that were asked for
    std::optional<TrainingSearch> search;  //!< For its layout; nothing: that was given
    /** Most that a card of a folded tensor group was ready before another; nothing: not folded. */
    std::optional<double> foldSkewNs;
    /** Tensor groups that were not folded beside others that were, for faults of their links. */
    std::optional<uint32_t> foldApart;
    std::vector<std::string> foldLeftOut; //!< Files and keys without what was folded
};

/** @ingroup mtlink
 * A link that held others up. */
struct VerdictRoot
{
    std::string port;                      //!< The link, "leaf2:0"
    std::string to;                        //!< Where it leads
    std::optional<uint64_t> flows;         //!< Whose way leads over it; nothing: not known
    std::optional<double> offeredOverRate; //!< What they would send over its rate; likewise
    double stallShare{0};                  //!< Share of all time lost to links, lost to this one
    std::vector<std::string> victims;      //!< Flows that it held up and that do not take it
};

/** @ingroup mtlink
 * The links of a class. */
struct VerdictLevel
{
    std::string cls;           //!< Link class
    double bytesShare{0};      //!< Of the payload that all links carried
    double utilisation{0};     //!< Mean of the links
    double mostUtilisation{0}; //!< Of the busiest
};

/** @ingroup mtlink
 * A change that may be worth trying. */
struct VerdictTry
{
    std::string change;   //!< What to write after --set
    std::string why;      //!< Why
    std::string expected; //!< What it should do
};

/** @ingroup mtlink
 * Where the longest chain of messages of a run spent its time; the parts add up to it. */
struct VerdictChain
{
    uint64_t messages{0}; //!< In the chain
    Tick wire{0};         //!< Of the messages' bits, each message alone on its way
    Tick latency{0};      //!< Of links and switches
    Tick software{0};     //!< Overheads of messages and operations
    Tick waiting{0};      //!< Behind other messages
    Tick compute{0};      //!< Between a message and the next: computing, reducing, start times
};

/** @ingroup mtlink
 * What held a run up, and what to try: `verdict` in summary.json. */
struct VerdictResult
{
    std::string boundBy;               //!< "link_rate", ...; empty: can't be said
    std::optional<double> share;       //!< Of the time lost against the bound; nothing: not known
    std::optional<bool> saturated;     //!< Open-loop traffic
    std::string text;                  //!< One sentence
    std::optional<VerdictRoot> root;   //!< Nothing: no link held others up
    std::vector<VerdictLevel> levels;  //!< By class
    std::optional<VerdictChain> chain; //!< Nothing: not all messages are known
    std::vector<VerdictTry> tries;     //!< Most promising first
    std::vector<std::string> notes;    //!< What else should be known
};

/**
 * @ingroup mtlink
 * Who has simulated what of a run in several processes.
 */
struct SpreadResult
{
    std::vector<uint32_t> endpoints; //!< By process: how many
    std::vector<uint32_t> switches;  //!< Likewise
    uint32_t cutLinks{0};            //!< Links whose ends are in two processes, each direction one
    Tick lookahead{0};               //!< What one does reaches another no sooner
};

/** @ingroup mtlink
 * All that a run leaves; who fills it is the experiment room, who writes it is this one. */
struct RunResults
{
    std::string name;                           //!< The experiment's
    bool complete{false};                       //!< Ran to its end
    std::string stopReason;                     //!< Empty, or why it stopped early
    std::string mode{"packet"};                 //!< packet, flow, bound: what ran
    std::string modeAsked{"packet"};            //!< Likewise, or auto
    std::string modeReason;                     //!< Why auto took it, what a memo did, or empty
    std::array<double, FIDELITIES> fidelity{1}; //!< Shares of the payload delivered, by Fidelity
    double beyondBuffers{0};                    //!< ... of it, held up by more than buffers hold
    double skippedTimeFraction{0};              //!< Of collectives' time, added up: by a memo
    uint64_t seed{1};                           //!< The run's
    std::string ns3Version;                     //!< "3.37"
    std::string fabricKind;                     //!< "fat_tree"
    uint32_t endpoints{0};                      //!< Of the fabric
    uint32_t switches{0};                       //!< Of the fabric
    uint32_t cables{0};                         //!< Of the fabric: each is a link each way
    Tick simulatedTime{0};                      //!< At the end
    double wallTimeSeconds{0};                  //!< Whole run
    double cpuTimeSeconds{0};                   //!< Whole run
    double setupTimeSeconds{0};                 //!< Until the first event
    uint64_t peakRssBytes{0};                   //!< Of the process
    uint64_t events{0};                         //!< Run by the simulator
    uint64_t packetHops{0};                     //!< Payload packets x links crossed
    uint64_t packetsDelivered{0};               //!< At their destination
    uint64_t payloadBytesDelivered{0};          //!< At their destination
    uint64_t packetsLost{0};                    //!< By faults
    uint64_t messagesLost{0};                   //!< By faults: a packet of them at least
    uint64_t fallbacks{0};                      //!< Collectives that another algorithm did
    std::optional<Tick> completionTime;         //!< First start to last end of the workload
    std::optional<Tick> leastTime;              //!< Mode bound: no run in packets takes less
    std::optional<LatencyResult> packetLatency; //!< Creation to tail delivered
    std::optional<LatencyResult>
        networkLatency;                        //!< First bit on the source's link to tail delivered
    std::optional<double> offeredLoad;         //!< Of the endpoints' rate, measured window
    std::optional<double> acceptedLoad;        //!< Of the endpoints' rate, measured window
    Tick creditStall{0};                       //!< Sum over links
    std::string deadlockFree{"unproved"};      //!< "true", "false", "unproved"
    std::vector<CollectiveResult> collectives; //!< By id
    std::vector<MessageResult> messages;       //!< By id; one of every messagesOneIn
    uint64_t messagesOneIn{1};                 //!< Of how many messages one is in `messages`
    TableRows rows;                            //!< Of the files, once they are written
    std::vector<NodeResult> nodes;             //!< Endpoints by number, then switches
    std::vector<LinkResult> links;             //!< By link id
    std::vector<LinkLevelResult> linkLevels;   //!< Not empty: `links` are the worst, as read back
    std::vector<QueueResult> queues;           //!< By link id and VC
    std::vector<QueueLevelResult> queueLevels; //!< Not empty: `queues` are the worst, as read back
    std::vector<SampleResult> samples;         //!< By (start, link)
    Tick sampleInterval{0};                    //!< Of samples; 0: none
    std::vector<CongestionResult> congestion;  //!< Longest stall first
    std::vector<CongestionFlowResult> congestionFlows; //!< Longest stall first
    std::vector<ControlledFlowResult> flows;           //!< By source, destination and class
    std::vector<ClassResult> classes;                  //!< By number; empty: there is one
    std::vector<SettingResult> settings;               //!< In order of experiment.yaml
    bool timeline{false};                    //!< Messages and links go into the timeline too
    std::vector<LinkSpanResult> linkSpans;   //!< For the timeline; empty: not asked for
    uint64_t linkSpansLeftOut{0};            //!< Beyond what was kept
    std::vector<OperationResult> operations; //!< For the timeline; empty: not asked for
    std::optional<SpreadResult> spread;      //!< Nothing: one process has run it
    std::optional<CostResult> cost;          //!< Nothing: written by an older version
    std::optional<TrainingResult> training;  //!< Nothing: no training ran
    std::vector<LaneResult> lanes;           //!< Of a training, by stage, lane and start
    /** First start and last end of each workload; in no file. */
    std::vector<std::pair<Tick, Tick>> workloadSpans;
    std::optional<StabilityResult> stability;              //!< Nothing: not asked for
    std::vector<StabilityFailureResult> stabilityFailures; //!< Of the first of its runs
    std::optional<EmulationResult> emulation;              //!< Nothing: no real hosts
    std::optional<VerdictResult> verdict;                  //!< Nothing: written by an older version
    std::string experimentYaml;                            //!< As run, everything resolved
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RESULTS_H
