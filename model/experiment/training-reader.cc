/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/training-reader.h"

#include "experiment/device-reader.h"
#include "experiment/expert-shares.h"
#include "experiment/fabric-loader.h"
#include "experiment/later.h"
#include "experiment/store-reader.h"
#include "experiment/units.h"
#include "experiment/yaml-mapping.h"
#include "training/balance.h"
#include "training/card-classes.h"
#include "training/iteration-graph.h"
#include "training/memory-plan.h"
#include "workload/collective/collective.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t MOST = 1'000'000'000; //!< Of sizes of a model

/** The keys whose value may be a file. */
constexpr const char* FILES[] = {"model", "device"};

/** Loads the files of a training. */
class TrainingLoader
{
  public:
    /** @return a training with its files put in. @param [in] node Its mapping or its file. */
    YamlNode Load(const YamlNode& node)
    {
        if (node.kind == YamlNode::SCALAR)
        {
            return LoadFile(node, "a training", [this](const YamlNode& loaded) {
                return Load(loaded);
            });
        }
        if (node.kind != YamlNode::MAPPING)
        {
            node.Refuse("training should be a mapping, as {model: ..., batch: ...}, or the path of "
                        "its file");
        }
        YamlNode own = node;
        const YamlNode* extends = node.Find("extends");
        YamlNode result = extends ? Load(*extends) : MakeYaml(YamlNode::MAPPING);
        own.Erase("extends");
        result.source = own.source;
        result.line = own.line;
        result.column = own.column;
        LayOver(result, own);
        return result;
    }

    /** Lay one training over another; a file takes the place of all there was. */
    void LayOver(YamlNode& base, const YamlNode& upper)
    {
        YamlNode rest = upper;
        // Cards are all alike or of several kinds: what is laid over says which.
        const YamlNode* device = upper.Find("device");
        YamlNode* kinds = rest.Find("devices");
        if (device && !kinds)
        {
            base.Erase("devices");
        }
        if (kinds && !device)
        {
            base.Erase("device");
        }
        for (std::size_t i = 0; kinds && i < kinds->items.size(); ++i)
        {
            LoadKind(kinds->items[i]);
        }
        for (const char* key : FILES)
        {
            const YamlNode* value = upper.Find(key);
            if (value && (value->kind == YamlNode::SCALAR || value->Find("extends")))
            {
                base.Erase(key);
                base.Set(key, LoadPart(*value, fmt::format("a {}", key)));
                rest.Erase(key);
            }
        }
        MergeYaml(base, rest);
    }

    /** @return a device with its files put in. */
    YamlNode LoadDevice(const YamlNode& node)
    {
        return LoadPart(node, "a device");
    }

  private:
    /** Put a kind's device in; it is called as its file, unless it has a name. */
    void LoadKind(YamlNode& kind)
    {
        YamlNode* device = kind.kind == YamlNode::MAPPING ? kind.Find("device") : nullptr;
        if (!device)
        {
            return; // refused when it is read
        }
        if (device->kind == YamlNode::SCALAR && !kind.Find("name"))
        {
            YamlNode name = MakeYamlScalar(std::filesystem::path(device->text).stem().string());
            name.TakePlace(device);
            kind.Set("name", std::move(name));
            device = kind.Find("device"); // it may have moved
        }
        *device = LoadPart(*device, "a device");
    }

    /** @return a model or device with its files put in. */
    YamlNode LoadPart(const YamlNode& node, const std::string& what)
    {
        if (node.kind == YamlNode::SCALAR)
        {
            return LoadFile(node, what, [&](const YamlNode& loaded) {
                return LoadPart(loaded, what);
            });
        }
        const YamlNode* extends = node.Find("extends");
        if (!extends)
        {
            return node;
        }
        YamlNode result = LoadPart(*extends, what);
        YamlNode own = node;
        own.Erase("extends");
        MergeYaml(result, own);
        return result;
    }

    /** @return what a file holds. */
    template <typename Then>
    YamlNode LoadFile(const YamlNode& node, const std::string& what, const Then& then)
    {
        ReadText(node, fmt::format("the path of the file of {}", what));
        const std::string path = ResolvePath(node);
        std::error_code failed;
        if (!std::filesystem::exists(path, failed))
        {
            node.Refuse(fmt::format("there is no file {}: give the path of the YAML file of {}, "
                                    "relative to the file that names it",
                                    path,
                                    what));
        }
        const std::filesystem::path real = std::filesystem::weakly_canonical(path, failed);
        if (std::find(m_files.begin(), m_files.end(), real) != m_files.end())
        {
            node.Refuse(fmt::format("{} extends itself: break the circle", path));
        }
        m_files.push_back(real);
        YamlNode result = then(LoadYaml(path));
        m_files.pop_back();
        return result;
    }

    std::vector<std::filesystem::path> m_files; //!< Now open, outermost first
};

/** @return whether a value is left to the program, to be searched for. */
bool
IsAuto(const YamlNode* node)
{
    return node && node->kind == YamlNode::SCALAR && !node->quoted && node->text == "auto";
}

uint32_t
ReadCount(const YamlNode& node, uint64_t least = 1)
{
    return static_cast<uint32_t>(ReadInteger(node, least, MOST));
}

/** @return the index of a word in a table of names. */
template <typename Names>
std::size_t
ReadName(const YamlNode& node,
         const std::string& section,
         const std::string& key,
         const Names& names)
{
    const std::string word =
        ReadChoice(node, section, key, std::vector<std::string>(names.begin(), names.end()));
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), word) - names.begin());
}

Transformer
ReadModel(const YamlNode& node)
{
    YamlMapping mapping(node, "training.model");
    Transformer model;
    model.layers = ReadCount(mapping.Need("layers", "layers: 96"));
    model.hidden = ReadCount(mapping.Need("hidden", "hidden: 12288"));
    model.heads = ReadCount(mapping.Need("heads", "heads: 96"));
    model.vocabulary = ReadCount(mapping.Need("vocabulary", "vocabulary: 51200"));
    const YamlNode* kvHeads = mapping.Take("kv_heads");
    const YamlNode* headSize = mapping.Take("head_size");
    const YamlNode* ffn = mapping.Take("ffn");
    model.kvHeads = kvHeads ? ReadCount(*kvHeads) : model.heads;
    model.headSize = headSize ? ReadCount(*headSize) : model.hidden / model.heads;
    if (model.headSize == 0)
    {
        node.Find("heads")->Refuse("there are more heads than the hidden size has numbers: give "
                                   "head_size");
    }
    model.ffn = ffn ? ReadCount(*ffn) : 4 * model.hidden;
    if (const YamlNode* positions = mapping.Take("positions"))
    {
        model.positions = ReadCount(*positions, 0);
    }
    for (const auto& [key, flag] : {std::pair("gated", &model.gated),
                                    std::pair("tied_embeddings", &model.tied),
                                    std::pair("bias", &model.bias),
                                    std::pair("dropout", &model.dropout)})
    {
        if (const YamlNode* value = mapping.Take(key))
        {
            *flag = ReadBoolean(*value);
        }
    }
    if (const YamlNode* attention = mapping.Take("attention"))
    {
        model.flash =
            ReadChoice(*attention, "training.model", "attention", {"flash", "unfused"}) == "flash";
    }
    if (const YamlNode* mla = mapping.Take("mla"))
    {
        YamlMapping sizes(*mla, "training.model.mla");
        LatentAttention latent;
        const YamlNode* queryRank = sizes.Take("query_rank");
        latent.queryRank = queryRank ? ReadCount(*queryRank, 0) : 0;
        latent.kvRank = ReadCount(sizes.Need("kv_rank", "kv_rank: 512"));
        latent.nopeSize = ReadCount(sizes.Need("nope_size", "nope_size: 128"));
        latent.ropeSize = ReadCount(sizes.Need("rope_size", "rope_size: 64"));
        latent.valueSize = ReadCount(sizes.Need("value_size", "value_size: 128"));
        sizes.Finish();
        if (kvHeads || headSize)
        {
            (kvHeads ? kvHeads : headSize)->Refuse("mla says the sizes of heads: leave this out");
        }
        model.latent = latent;
    }
    if (const YamlNode* moe = mapping.Take("moe"))
    {
        YamlMapping sizes(*moe, "training.model.moe");
        Experts experts;
        experts.experts = ReadCount(sizes.Need("experts", "experts: 8"));
        experts.active = ReadCount(sizes.Need("active", "active: 2"));
        experts.ffn = ReadCount(sizes.Need("ffn", "ffn: 14336"));
        const YamlNode* shared = sizes.Take("shared");
        const YamlNode* dense = sizes.Take("dense_layers");
        experts.shared = shared ? ReadCount(*shared, 0) : 0;
        experts.denseLayers = dense ? ReadCount(*dense, 0) : 0;
        const YamlNode* balance = sizes.Take("balance");
        const YamlNode* nodeLimit = sizes.Take("node_limit");
        experts.nodeLimit = nodeLimit ? ReadCount(*nodeLimit) : 0;
        sizes.Finish();
        if (experts.active > experts.experts)
        {
            moe->Find("active")->Refuse(fmt::format("a token can't go to {} of {} experts",
                                                    experts.active,
                                                    experts.experts));
        }
        if (balance)
        {
            experts.shares = ReadBalance(*balance, experts, model.layers);
        }
        model.moe = experts;
    }
    mapping.Finish();
    return model;
}

void
ReadBatch(const YamlNode& node, TrainingSpec& spec, LayoutSpace& space)
{
    YamlMapping mapping(node, "training.batch");
    mapping.Take("micro_batches"); // by replica, of which there is nothing known yet
    spec.sequence = ReadCount(mapping.Need("sequence", "sequence: 4096"));
    spec.global = ReadCount(mapping.Need("global", "global: 1024"));
    if (const YamlNode* micro = mapping.Take("micro"))
    {
        space.micro = IsAuto(micro);
        spec.micro = space.micro ? 1 : ReadCount(*micro);
    }
    mapping.Finish();
}

/** Read how many micro-batches each replica has. @param [in] spec Replicas and kinds are read. */
void
ReadMicroBatches(const YamlNode& node, TrainingSpec& spec)
{
    if (node.kind != YamlNode::LIST)
    {
        ReadChoice(node, "training.batch", "micro_batches", {"even", "auto"});
        return;
    }
    std::vector<uint32_t> list;
    for (const YamlNode& item : node.items)
    {
        list.push_back(ReadCount(item));
    }
    const std::vector<uint32_t> kinds = GetReplicaKinds(spec);
    if (list.size() == spec.parallel.data || kinds.empty() || list.size() != spec.kinds.size())
    {
        spec.microBatches = list;
        return;
    }
    for (const uint32_t kind : kinds)
    {
        spec.microBatches.push_back(list[kind]);
    }
}

void
ReadOrder(const YamlNode& node, ParallelSpec& parallel)
{
    std::vector<std::size_t> order;
    for (const YamlNode& item : node.items)
    {
        order.push_back(ReadName(item, "training.parallel", "order", AXIS_NAMES));
    }
    std::vector<std::size_t> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    if (sorted != std::vector<std::size_t>{0, 1, 2, 3})
    {
        node.Refuse(fmt::format("order should be a list of these four, innermost first: {}",
                                fmt::join(AXIS_NAMES, ", ")));
    }
    for (std::size_t i = 0; i < AXES; ++i)
    {
        parallel.order[i] = static_cast<ParallelAxis>(order[i]);
    }
}

void
ReadParallel(const YamlNode& node, uint32_t cards, ParallelSpec& parallel, LayoutSpace& space)
{
    if (IsAuto(&node))
    {
        space.tensor = space.context = space.pipeline = space.expert = true;
        return;
    }
    YamlMapping mapping(node, "training.parallel");
    for (const auto& [key, size, isFree] :
         {std::tuple("tensor", &parallel.tensor, &space.tensor),
          std::tuple("context", &parallel.context, &space.context),
          std::tuple("pipeline", &parallel.pipeline, &space.pipeline),
          std::tuple("expert", &parallel.expert, &space.expert)})
    {
        if (const YamlNode* value = mapping.Take(key))
        {
            *isFree = IsAuto(value);
            *size = *isFree ? 1 : ReadCount(*value);
        }
    }
    if (const YamlNode* sequence = mapping.Take("sequence"))
    {
        space.sequence = ReadBoolean(*sequence);
    }
    parallel.sequence = space.sequence && parallel.tensor > 1;
    if (const YamlNode* scatterGather = mapping.Take("scatter_gather"))
    {
        parallel.scatterGather = ReadBoolean(*scatterGather);
    }
    if (const YamlNode* exchange = mapping.Take("context_exchange"))
    {
        parallel.contextExchange = static_cast<ContextExchange>(
            ReadName(*exchange, "training.parallel", "context_exchange", CONTEXT_EXCHANGE_NAMES));
    }
    if (const YamlNode* order = mapping.Take("order"))
    {
        ReadOrder(*order, parallel);
    }
    const YamlNode* stages = mapping.Take("stages");
    if (stages && stages->kind == YamlNode::LIST)
    {
        for (const YamlNode& item : stages->items)
        {
            parallel.stages.push_back(ReadCount(item, 0));
        }
    }
    else if (stages)
    {
        ReadChoice(*stages, "training.parallel", "stages", {"even", "auto"});
    }
    const uint64_t others = uint64_t{parallel.tensor} * parallel.context * parallel.pipeline;
    const YamlNode* data = mapping.Take("data");
    space.data = !data || IsAuto(data);
    mapping.Finish();
    if (space.tensor || space.context || space.pipeline)
    {
        parallel.data = space.data ? 1 : ReadCount(*data);
        return; // what divides the cards is looked for
    }
    if (space.data)
    {
        if (others > cards || cards % others != 0)
        {
            node.Refuse(fmt::format("tensor x context x pipeline are {} cards, of which the {} of "
                                    "the workload are no multiple: change one of them, or 'ranks'",
                                    others,
                                    cards));
        }
        parallel.data = static_cast<uint32_t>(cards / others);
        return;
    }
    parallel.data = ReadCount(*data);
    if (others * parallel.data != cards)
    {
        data->Refuse(fmt::format("tensor x context x pipeline x data are {} cards, but the "
                                 "workload has {}: give data: auto, or 'ranks: {{count: {}}}' in "
                                 "the workload",
                                 others * parallel.data,
                                 cards,
                                 others * parallel.data));
    }
}

void
ReadSchedule(const YamlNode& node, TrainingSpec& spec, LayoutSpace& space)
{
    const auto read = [&spec](const YamlNode& kind) {
        spec.schedule =
            static_cast<ScheduleKind>(ReadName(kind, "training.schedule", "kind", SCHEDULE_NAMES));
    };
    if (node.kind == YamlNode::SCALAR)
    {
        read(node);
        return;
    }
    YamlMapping mapping(node, "training.schedule");
    read(mapping.Need("kind", "kind: 1f1b"));
    if (const YamlNode* chunks = mapping.Take("virtual"))
    {
        space.virtualStages = IsAuto(chunks);
        spec.virtualStages = space.virtualStages ? 1 : ReadCount(*chunks);
        if (space.virtualStages && spec.schedule != ScheduleKind::INTERLEAVED)
        {
            chunks->Refuse("virtual stages belong to the interleaved schedule: give 'kind: "
                           "interleaved', which takes 1f1b for 1 where virtual is auto");
        }
    }
    mapping.Finish();
}

void
ReadPrecision(const YamlNode& node, TrainingSpec& spec)
{
    YamlMapping mapping(node, "training.precision");
    if (const YamlNode* compute = mapping.Take("compute"))
    {
        spec.precision =
            ReadChoice(*compute, "training.precision", "compute", {"bf16", "fp16", "fp8"});
    }
    if (const YamlNode* gradients = mapping.Take("gradients"))
    {
        spec.gradientBytes =
            ReadChoice(*gradients, "training.precision", "gradients", {"fp32", "bf16"}) == "fp32"
                ? 4
                : 2;
    }
    if (const YamlNode* dispatch = mapping.Take("dispatch"))
    {
        spec.dispatchBytes =
            ReadChoice(*dispatch, "training.precision", "dispatch", {"bf16", "fp8"}) == "bf16" ? 2
                                                                                               : 1;
    }
    mapping.Finish();
}

/** @return in how many parts tensor groups' collectives hide; 1: backward alone; 0: not. */
uint32_t
ReadTensorOverlap(const YamlNode& node)
{
    constexpr uint64_t MOST = 64;
    if (node.kind == YamlNode::SCALAR && (node.text == "true" || node.text == "false"))
    {
        return node.text == "true" ? 1 : 0;
    }
    const bool isNumber = node.kind == YamlNode::SCALAR && !node.text.empty() &&
                          node.text.find_first_not_of("0123456789") == std::string::npos;
    if (!isNumber)
    {
        node.Refuse("no overlap of tensor groups: give true, false, or a number of parts, 2 to 64");
    }
    return static_cast<uint32_t>(ReadInteger(node, 2, MOST));
}

void
ReadOverlap(const YamlNode& node, OverlapSpec& overlap)
{
    YamlMapping mapping(node, "training.overlap");
    if (const YamlNode* tensor = mapping.Take("tensor"))
    {
        overlap.tensor = ReadTensorOverlap(*tensor);
    }
    if (const YamlNode* kernels = mapping.Take("tensor_kernels"))
    {
        overlap.fused =
            ReadChoice(*kernels, "training.overlap", "tensor_kernels", {"split", "fused"}) ==
            "fused";
        if (overlap.fused && overlap.tensor < 2)
        {
            kernels->Refuse("one kernel makes the parts of a product, and there are none: give "
                            "'tensor: 4', or another number of parts");
        }
    }
    if (const YamlNode* data = mapping.Take("data"))
    {
        const bool isNone = data->kind == YamlNode::SCALAR && data->text == "none";
        overlap.bucket = isNone ? 0 : ReadBytes(*data, 1);
    }
    if (const YamlNode* pipeline = mapping.Take("pipeline"))
    {
        overlap.pipeline = ReadBoolean(*pipeline);
    }
    if (const YamlNode* expert = mapping.Take("expert"))
    {
        overlap.expert = ReadBoolean(*expert);
    }
    if (const YamlNode* slowdown = mapping.Take("compute_slowdown"))
    {
        overlap.slowdown = ReadFraction(*slowdown);
    }
    mapping.Finish();
}

void
ReadCollectiveChoice(const YamlNode& node, CollectiveChoice& choice)
{
    YamlMapping mapping(node, "training.collectives");
    const auto read = [&mapping](const std::string& key,
                                 const std::vector<std::string>& names,
                                 std::string& algorithm) {
        const YamlNode* value = mapping.Take(key);
        if (!value)
        {
            return;
        }
        // What all collectives of the group run by.
        std::vector<std::string> valid = GetAlgorithms(names.front());
        for (const std::string& name : names)
        {
            const std::vector<std::string> own = GetAlgorithms(name);
            std::erase_if(valid, [&own](const std::string& one) {
                return std::find(own.begin(), own.end(), one) == own.end();
            });
        }
        algorithm = ReadChoice(*value, "training.collectives", key, valid);
    };
    const std::vector<std::string> sums{"all_reduce", "all_gather", "reduce_scatter"};
    read("tensor", sums, choice.tensor);
    read("data", sums, choice.data);
    read("expert", {"all_to_all"}, choice.expert);
    read("context", {"all_gather", "reduce_scatter"}, choice.context);
    mapping.Finish();
}

/** Read from where training data comes. @param [in] vocabulary Of the model. */
InputSpec
ReadInput(const YamlNode& node, uint64_t vocabulary)
{
    // Above that Megatron-LM stores tokens in 4 bytes (optimal_dtype() of
    // megatron/core/datasets/indexed_dataset.py).
    constexpr uint64_t MOST_SHORT = 65500;
    constexpr uint64_t MOST_TOKEN = 1024;
    constexpr uint64_t MOST_AHEAD = 1'000'000;
    YamlMapping mapping(node, "training.input");
    const YamlNode* store = mapping.Take("store");
    const YamlNode* token = mapping.Take("bytes_per_token");
    const YamlNode* sample = mapping.Take("bytes_per_sample");
    const YamlNode* readers = mapping.Take("readers");
    const YamlNode* prefetch = mapping.Take("prefetch");
    mapping.Finish();
    InputSpec input;
    const StoreDescription read = ReadStore(
        store ? *store : mapping.Need("store", "store: {endpoints: [64, 65], rate: 2GBps}"),
        "training.input.store",
        UINT32_MAX); // the workload knows the fabric's
    input.store = read.endpoints;
    input.rate = read.rate;
    if (token && sample)
    {
        sample->Refuse("samples are tokens, or of so many bytes: keep bytes_per_token, or "
                       "bytes_per_sample");
    }
    if (sample)
    {
        input.sampleBytes = ReadBytes(*sample, 1);
    }
    else if (token && !IsAuto(token))
    {
        input.tokenBytes = ReadBytes(*token, 1);
        if (input.tokenBytes > MOST_TOKEN)
        {
            token->Refuse(fmt::format("a token has at most {} B: give what samples that are more "
                                      "than tokens have as bytes_per_sample",
                                      MOST_TOKEN));
        }
    }
    else
    {
        input.tokenBytes = vocabulary < MOST_SHORT ? 2 : 4;
    }
    if (readers)
    {
        input.isReadByAll =
            ReadChoice(*readers, "training.input", "readers", {"first", "all"}) == "all";
    }
    if (prefetch)
    {
        input.prefetch = static_cast<uint32_t>(ReadInteger(*prefetch, 0, MOST_AHEAD));
    }
    return input;
}

/** Search what is to be searched. */
void
Balance(TrainingSpec& spec, bool hasStages, bool hasMicroBatches)
{
    if (hasMicroBatches)
    {
        SpreadMicroBatches(spec); // until they are searched, with the layers that are found
    }
    if (hasStages)
    {
        BalanceStages(spec);
    }
    if (hasMicroBatches)
    {
        BalanceMicroBatches(spec);
    }
}

/** Read how the search for a layout goes. */
void
ReadSearch(const YamlNode& node, LayoutSpace& space)
{
    YamlMapping mapping(node, "training.search");
    if (const YamlNode* runs = mapping.Take("run"))
    {
        constexpr uint64_t MOST = 1000;
        space.runs = static_cast<uint32_t>(ReadInteger(*runs, 1, MOST));
    }
    mapping.Finish();
    if (!space.IsFree())
    {
        node.Refuse("no layout is searched for: leave it out, or give 'parallel: auto', or auto "
                    "for some of its keys, batch.micro, schedule.virtual, zero or recompute");
    }
}

/** Refuse what depends on a layout that is yet to be found. */
void
RefuseWithSearch(const YamlNode* given, const std::string& what)
{
    const bool isEven = given && given->kind == YamlNode::SCALAR && given->text == "even";
    if (given && !isEven)
    {
        given->Refuse(what +
                      " depend on the layout, and that is searched for here: leave them out, "
                      "or give each of parallel, batch.micro, schedule.virtual, zero and "
                      "recompute a value");
    }
}

/** Give what is auto its value: of a layout that was chosen, as if it had been written. */
void
WriteLayout(YamlNode& node, const TrainingSpec& spec)
{
    const auto set = [](YamlNode& mapping, const std::string& key, const std::string& text) {
        YamlNode value = MakeYamlScalar(text);
        value.TakePlace(mapping.Find(key));
        mapping.Set(key, std::move(value));
    };
    const auto settle = [&set](YamlNode& mapping, const std::string& key, const std::string& text) {
        const YamlNode* value = mapping.Find(key);
        if (value && IsAuto(value))
        {
            set(mapping, key, text);
        }
    };
    node.Erase("search");
    const ParallelSpec& sizes = spec.parallel;
    YamlNode* parallel = node.Find("parallel");
    const bool isAllAuto = parallel && parallel->kind != YamlNode::MAPPING;
    if (!parallel || isAllAuto)
    {
        YamlNode mapping = MakeYaml(YamlNode::MAPPING);
        mapping.TakePlace(parallel);
        node.Set("parallel", std::move(mapping));
        parallel = node.Find("parallel");
    }
    for (const auto& [key, size] : {std::pair("tensor", sizes.tensor),
                                    std::pair("context", sizes.context),
                                    std::pair("pipeline", sizes.pipeline),
                                    std::pair("expert", sizes.expert)})
    {
        isAllAuto ? set(*parallel, key, fmt::format("{}", size))
                  : settle(*parallel, key, fmt::format("{}", size));
    }
    set(*parallel, "data", fmt::format("{}", sizes.data));
    settle(*node.Find("batch"), "micro", fmt::format("{}", spec.micro));
    settle(node, "zero", fmt::format("{}", spec.zero));
    settle(node, "recompute", RECOMPUTE_NAMES[static_cast<std::size_t>(spec.recompute)]);
    YamlNode* schedule = node.Find("schedule");
    const YamlNode* chunks =
        schedule && schedule->kind == YamlNode::MAPPING ? schedule->Find("virtual") : nullptr;
    if (chunks && IsAuto(chunks))
    {
        set(*schedule, "kind", SCHEDULE_NAMES[static_cast<std::size_t>(spec.schedule)]);
        set(*schedule, "virtual", fmt::format("{}", spec.virtualStages));
    }
}

} // namespace

void
RefuseTrainingParameter(const YamlNode& document, const ParameterError& error)
{
    const YamlNode* node = &document;
    std::string rest = error.GetParameter();
    while (!rest.empty())
    {
        const std::size_t dot = std::min(rest.find('.'), rest.size());
        const YamlNode* inner = node->Find(rest.substr(0, dot));
        if (!inner)
        {
            break;
        }
        node = inner;
        rest = rest.substr(std::min(dot + 1, rest.size()));
    }
    node->Refuse(fmt::format("{}: {}", error.GetParameter(), error.what()));
}

bool
IsTrainingKey(const std::string& key)
{
    const std::vector<ExperimentKey>& keys = GetTrainingKeys();
    return IsLaterKey("training", key) ||
           std::any_of(keys.begin(), keys.end(), [&key](const ExperimentKey& known) {
               return known.section == "training" && known.key == key && key != "extends";
           });
}

YamlNode
LoadDevice(const YamlNode& node)
{
    return TrainingLoader().LoadDevice(node);
}

YamlNode
ResolveTraining(const YamlNode& workload)
{
    TrainingLoader loader;
    YamlNode resolved = loader.Load(*workload.Find("training"));
    YamlNode over = MakeYaml(YamlNode::MAPPING);
    for (const YamlEntry& entry : workload.entries)
    {
        if (IsTrainingKey(entry.key))
        {
            over.Set(entry);
        }
    }
    loader.LayOver(resolved, over);
    return resolved;
}

TrainingSpec
ReadTraining(const YamlNode& document, uint32_t cards, LayoutSpace& space)
{
    YamlMapping mapping(document, "training");
    TrainingSpec spec;
    const YamlNode* model = mapping.Take("model");
    const YamlNode* batch = mapping.Take("batch");
    const YamlNode* device = mapping.Take("device");
    const YamlNode* devices = mapping.Take("devices");
    const YamlNode* parallel = mapping.Take("parallel");
    const YamlNode* tokens = mapping.Take("tokens");
    const YamlNode* schedule = mapping.Take("schedule");
    const YamlNode* zero = mapping.Take("zero");
    const YamlNode* reshard = mapping.Take("reshard");
    const YamlNode* precision = mapping.Take("precision");
    const YamlNode* recompute = mapping.Take("recompute");
    const YamlNode* overlap = mapping.Take("overlap");
    const YamlNode* collectives = mapping.Take("collectives");
    const YamlNode* iterations = mapping.Take("iterations");
    const YamlNode* memory = mapping.Take("memory");
    const YamlNode* fold = mapping.Take("fold");
    const YamlNode* search = mapping.Take("search");
    const YamlNode* input = mapping.Take("input");
    mapping.Finish(); // a misspelt key says more than a missing one
    spec.model = ReadModel(model ? *model : mapping.Need("model", "model: models/gpt3-175b.yaml"));
    ReadBatch(batch ? *batch : mapping.Need("batch", "batch: {sequence: 2048, global: 1024}"),
              spec,
              space);
    if (device && devices)
    {
        devices->Refuse("cards are all alike, or of several kinds: keep device, or devices");
    }
    if (!devices)
    {
        spec.device = ReadDevice(device ? *device
                                        : mapping.Need("device",
                                                       "device: "
                                                       "../../topologies/devices/s5000.yaml"));
    }
    ReadParallel(parallel ? *parallel : MakeYaml(YamlNode::MAPPING), cards, spec.parallel, space);
    const auto refuseWithSearch = [&] {
        RefuseWithSearch(devices, "cards of several kinds");
        RefuseWithSearch(parallel ? parallel->Find("stages") : nullptr, "layers of stages");
        RefuseWithSearch(batch->Find("micro_batches"), "micro-batches of replicas");
    };
    if (space.IsFree())
    {
        refuseWithSearch(); // before they are held against sizes that are yet to be found
    }
    if (devices)
    {
        ReadDevices(*devices, spec);
    }
    if (const YamlNode* microBatches = batch->Find("micro_batches"))
    {
        ReadMicroBatches(*microBatches, spec);
    }
    spec.tokens = tokens ? ReadNumber(*tokens, 1, 1e18) : 0;
    if (schedule)
    {
        ReadSchedule(*schedule, spec, space);
    }
    space.zero = zero && IsAuto(zero);
    spec.zero = zero && !space.zero ? static_cast<uint32_t>(ReadInteger(*zero, 0, 3)) : 0;
    spec.reshards = !reshard || ReadBoolean(*reshard);
    if (precision)
    {
        ReadPrecision(*precision, spec);
    }
    for (std::size_t kind = 0; kind < std::max<std::size_t>(1, spec.kinds.size()); ++kind)
    {
        const YamlNode* own = device ? device : devices->items[kind].Find("device");
        if ((devices ? spec.kinds[kind].device : spec.device).peak.count(spec.precision) == 0)
        {
            (precision ? *precision : *own->Find("peak"))
                .Refuse(fmt::format("the device{} has no peak for {}: give 'peak: {{{}: ...}}' in "
                                    "the device, or another precision",
                                    devices ? " " + spec.kinds[kind].name : "",
                                    spec.precision,
                                    spec.precision));
        }
    }
    space.recompute = recompute && IsAuto(recompute);
    if (recompute && !space.recompute)
    {
        spec.recompute =
            static_cast<Recompute>(ReadName(*recompute, "training", "recompute", RECOMPUTE_NAMES));
    }
    if (overlap)
    {
        ReadOverlap(*overlap, spec.overlap);
    }
    if (collectives)
    {
        ReadCollectiveChoice(*collectives, spec.collectives);
    }
    spec.iterations = iterations ? static_cast<uint32_t>(ReadInteger(*iterations, 1, 1000)) : 1;
    spec.ignoresMemory =
        memory && ReadChoice(*memory, "training", "memory", {"fit", "ignore"}) == "ignore";
    if (fold)
    {
        spec.fold = static_cast<Fold>(ReadName(*fold, "training", "fold", FOLD_NAMES));
    }
    if (input)
    {
        spec.input = ReadInput(*input, spec.model.vocabulary);
    }
    if (search)
    {
        ReadSearch(*search, space);
    }
    if (space.IsFree())
    {
        refuseWithSearch();
        return spec; // checked with each layout
    }
    try
    {
        Balance(spec,
                parallel && IsAuto(parallel->Find("stages")),
                IsAuto(batch->Find("micro_batches")));
        CheckTraining(spec);
        CheckPeak(spec);
        CheckMemory(spec);
    }
    catch (const ParameterError& error)
    {
        RefuseTrainingParameter(document, error);
    }
    return spec;
}

YamlNode
WriteTraining(const YamlNode& document, const TrainingSpec& spec, const LayoutSpace* space)
{
    YamlNode node = document;
    const auto fill = [&node](const std::string& key, const std::string& text) {
        if (!node.Find(key))
        {
            node.Set(key, MakeYamlScalar(text));
        }
    };
    if (space)
    {
        YamlNode search = MakeYaml(YamlNode::MAPPING);
        search.Set("run", MakeYamlScalar(fmt::format("{}", space->runs)));
        search.TakePlace(node.Find("search"));
        node.Set("search", std::move(search));
    }
    else
    {
        WriteLayout(node, spec);
    }
    YamlNode* moe = node.Find("model")->Find("moe");
    YamlNode* balance = moe ? moe->Find("balance") : nullptr;
    if (balance && balance->kind == YamlNode::SCALAR && balance->text != "even")
    {
        // The file is read from another directory then.
        balance->text =
            std::filesystem::absolute(ResolvePath(*balance)).lexically_normal().string();
    }
    if (!space || !space->virtualStages)
    {
        fill("schedule", SCHEDULE_NAMES[static_cast<std::size_t>(spec.schedule)]);
    }
    fill("zero", fmt::format("{}", spec.zero));
    fill("recompute", RECOMPUTE_NAMES[static_cast<std::size_t>(spec.recompute)]);
    fill("iterations", fmt::format("{}", spec.iterations));
    fill("memory", spec.ignoresMemory ? "ignore" : "fit");
    fill("fold", FOLD_NAMES[static_cast<std::size_t>(spec.fold)]);
    if (YamlNode* input = node.Find("input"))
    {
        const auto fillInput = [input](const std::string& key, const std::string& text) {
            if (!input->Find(key))
            {
                input->Set(key, MakeYamlScalar(text));
            }
        };
        if (!input->Find("bytes_per_sample"))
        {
            fillInput("bytes_per_token", fmt::format("{}B", spec.input->tokenBytes));
        }
        fillInput("readers", spec.input->isReadByAll ? "all" : "first");
        fillInput("prefetch", fmt::format("{}", spec.input->prefetch));
    }
    return node;
}

} // namespace mtlink
} // namespace ns3
