# SPDX-License-Identifier: GPL-2.0-only
"""Published training iterations. A device has one number that was fitted, on the iterations marked so; errors are those
of the others. What an iteration is made of (schedule, micro-batch, overlap, attention) is what its source says."""

from pathlib import Path

from .. import references
from ..case import Case, Limit, Row, absolute, at_most, relative
from ..runs import Run
from ..statistics import geometric_mean

REFERENCE = "training-iterations"
ROOT = Path(__file__).resolve().parents[3]
MODELS = ROOT / "examples/training/models"
TOPOLOGIES = ROOT / "topologies"
NODE = 8  #: cards of a server
MESSAGES_PER_S = 2e5  #: of a run, for its cost


# Models.
def gpt(layers, hidden, heads, vocabulary=51200):
    """As Megatron-LM has them until 2022: batched products and softmax in kernels of their own."""
    return {"layers": layers, "hidden": hidden, "heads": heads, "vocabulary": vocabulary, "positions": 2048,
            "tied_embeddings": True, "bias": True, "dropout": True, "attention": "unfused"}


def llama(layers, hidden, heads, ffn, kv_heads=8):
    return {"layers": layers, "hidden": hidden, "heads": heads, "kv_heads": kv_heads, "ffn": ffn, "gated": True,
            "vocabulary": 128256}


def mpt(layers, hidden, heads):
    """Learned positions stand for ALiBi, which takes no kernel of its own; no biases."""
    return {"layers": layers, "hidden": hidden, "heads": heads, "kv_heads": heads, "ffn": 4 * hidden, "gated": False,
            "vocabulary": 50368, "positions": 2048, "tied_embeddings": True}


def deepseek(hidden, ffn, vocabulary, experts, active, shared, expert_ffn):
    return {"extends": str(MODELS / "deepseek-v3.yaml"), "layers": 4, "hidden": hidden, "heads": 128, "ffn": ffn, "gated": True, "vocabulary": vocabulary,
            "moe": {"experts": experts, "active": active, "shared": shared, "ffn": expert_ffn, "dense_layers": 1}}


# Software.
#: Megatron-LM of 2021: everything is computed again, a stage waits until its message is sent, gradients in 16 bit.
SC21 = {"recompute": "full", "precision.gradients": "bf16", "overlap.pipeline": False,
        "parallel.sequence": False, "parallel.scatter_gather": True}
#: Korthikanti et al.: full recomputation without sequence parallelism, against selective with it.
#: Backward sums an input's gradient beside the product of the weights' (section 6.3; in Megatron-LM since 2021-09, b462d25).
FULL = {"recompute": "full", "overlap.tensor": True, "overlap.pipeline": False, "parallel.sequence": False,
        "parallel.scatter_gather": True}
SELECTIVE = {"recompute": "selective", "overlap.tensor": True, "overlap.pipeline": False, "parallel.sequence": True}
#: Megatron-LM as MegaScale measured it. Recomputation and ZeRO are not stated: selective and 1 are assumed.
MEGASCALE = SELECTIVE | {"zero": 1}
#: Megatron-Bridge's recipes (067f987, perf_recipes/llama/h100): distributed optimizer, gradients summed in 16 bit in buckets
#: of 128 MB as they are ready; tensor groups' collectives beside products, as many parts as cards (ring exchange).
BRIDGE = {"zero": 1, "precision.gradients": "bf16", "overlap.data": "128MiB"}
#: FSDP of llm-foundry: gathered before each layer, forward and backward, one ahead; gradients in 32 bit, weights in 16
#: (mosaicml/composer v0.16.4, `get_mixed_precision()`). Attention is its copy of FlashAttention in Triton (`attn_impl: triton`,
#: llm-foundry b2a43a1, submit_benchmarks.py). FlashAttention-2 takes 1 / 1.4 of its time forward and half backward (arXiv
#: 2307.08691, 4.1: 1.3 to 1.5; 2), and reaches a third of an H100's peak forward and 0.29 backward with the causal discount (arXiv
#: 2407.08608, figures 5 and 6, heads of 128). Collectives hold 15 % of the processor while they run (Calculon, caa4b11).
TRITON = {"forward": 1 / 1.4, "backward": 1 / 2}
FSDP = {"zero": 3, "overlap.data": "40MB", "precision.compute": "bf16", "overlap.compute_slowdown": 0.15,
        "device.attention.forward": round(0.66 * TRITON["forward"], 3),
        "device.attention.backward": round(0.58 * TRITON["backward"], 3)}


def without_parallel(settings, *keys):
    return {key: value for key, value in settings.items() if key not in keys}


def setup(machine, cards, model, batch, pipeline=1, virtual=1, tensor=8, micro=1, sequence=2048, **more):
    """A run's settings, keys of the training, and its cost."""
    parallel = {"tensor": tensor, "pipeline": pipeline}
    schedule = {"kind": "interleaved", "virtual": virtual} if virtual > 1 else {"kind": "1f1b", "virtual": 1}
    settings = {"ranks": {"count": cards}} if machine != "b200" else {}
    if tensor == NODE and machine != "b200":
        settings["fold"] = "always"  # a tensor group is a server
    settings |= {"model": model, "batch": {"sequence": sequence, "micro": micro, "global": batch},
                 "parallel": parallel, "schedule": schedule}
    messages = 2 * batch / micro * virtual * pipeline * tensor if pipeline > 1 else 0
    return machine, cards, settings | more.pop("software", {}) | more, messages


def facts():
    """Each published iteration's set-up, by row and name of the reference."""
    gpt175 = gpt(96, 12288, 96)
    megascale = gpt(96, 12288, 128, 64000)
    gpt530 = gpt(105, 20480, 128)
    one_stage = without_parallel(SC21, "parallel.scatter_gather", "overlap.pipeline")
    made = {
        # torch's DistributedDataParallel, whose buckets are of 25 MB
        (1, "18B on 256"): setup("a100", 256, gpt(40, 6144, 48), 1024, micro=8, software=one_stage,
                                 **{"overlap.data": "25MB"}),
        (2, "39B on 512"): setup("a100", 512, gpt(48, 8192, 64), 1536, 2, micro=4, software=SC21),
        (3, "76B on 1024"): setup("a100", 1024, gpt(60, 10240, 80), 1792, 4, 3, micro=2, software=SC21),
        (4, "146B on 1536"): setup("a100", 1536, gpt(80, 12288, 96), 2304, 8, 2, micro=2, software=SC21),
        (5, "530B on 2520"): setup("a100", 2520, gpt530, 2520, 35, 3, software=SC21),
        (6, "1008B on 3072"): setup("a100", 3072, gpt(128, 25600, 160), 3072, 64, software=SC21),
        (9, "22B full on 8"): setup("a100", 8, gpt(48, 6144, 64), 4, micro=4,
                                    software=without_parallel(FULL, "parallel.scatter_gather", "overlap.pipeline")),
        (9, "22B selective on 8"): setup("a100", 8, gpt(48, 6144, 64), 4, micro=4,
                                         software=without_parallel(SELECTIVE, "overlap.pipeline")),
        (10, "175B full on 64"): setup("a100", 64, gpt175, 64, 8, 3, software=FULL),
        (10, "175B selective on 64"): setup("a100", 64, gpt175, 64, 8, 3, software=SELECTIVE),
        (11, "530B full on 280"): setup("a100", 280, gpt530, 280, 35, 3, software=FULL),
        (12, "1T full on 512"): setup("a100", 512, gpt(128, 25600, 160), 512, 64, software=FULL),
        (12, "1T selective on 512"): setup("a100", 512, gpt(128, 25600, 160), 512, 64, software=SELECTIVE),
        # 126 layers are 128 of which the first and the last chunk miss one
        (18, "405B on 8192"): llama_405b(8192),
        (19, "405B on 16384"): llama_405b(16384),
        (22, "405B fp8 on 1024"): setup(
            "h100", 1024, llama(126, 16384, 128, 53248), 512, 8, 8, sequence=8192, software=BRIDGE | {"overlap.tensor": 8},
            **{"parallel.context": 2, "parallel.context_exchange": "ring", "parallel.stages": [1] + [2] * 62 + [1]}),
        (23, "70B fp8 on 64"): setup(
            "h100", 64, llama(80, 8192, 64, 28672), 128, 8, 5, tensor=4, sequence=8192, software=BRIDGE | {"overlap.tensor": 4},
            memory="ignore",  # inputs of products are kept in 8 bit; the plan has 16
            **{"parallel.stages": [2] * 35 + [3] + [2] * 3 + [1]}),
    }
    for cards in (384, 768, 1536):
        made[7, f"175B on {cards}"] = setup("a100", cards, gpt175, 1536, 12, software=SC21)
        micro = 1536 // cards
        made[8, f"175B by ZeRO 3 on {cards}"] = setup(
            "a100", cards, gpt175, 1536, tensor=1, micro=micro, zero=3, recompute="full",
            **{"overlap.data": "40MB", "precision.gradients": "bf16"})
    for cards in (2240, 2800, 3360):
        made[13, f"MT-NLG on {cards}"] = setup("a100", cards, gpt530, 1920, 35, software=SC21)
    for cards in (256, 512, 768, 1024):
        made[14, f"175B on {cards}"] = setup("a100", cards, megascale, 768, 8, 6, software=MEGASCALE)
    for cards in (3072, 6144, 12288):
        made[15, f"175B on {cards}"] = setup("a100", cards, megascale, 6144, 8, 6, software=MEGASCALE)
    for cards in (2240, 4480, 11200):
        made[17, f"530B on {cards}"] = setup("a100", cards, gpt530, cards, 35, 3, software=MEGASCALE)
    for cards, micro, batch in ((32, 2, 1024), (64, 8, 2048)):
        made[25, f"MPT-70B on {cards}"] = setup("h100", cards, mpt(80, 8192, 64), batch, tensor=1, micro=micro,
                                                recompute="full", software=FSDP)
    for cards, micro, batch in ((16, 10, 480), (32, 6, 576), (64, 6, 1152)):
        made[26, f"MPT-3B on {cards}"] = setup("h100", cards, mpt(32, 2560, 20), batch, tensor=1, micro=micro,
                                               software=FSDP)
    for row in references.load(REFERENCE):
        if row["row"] >= 27:
            made[int(row["row"]), row["name"]] = simumax(row["name"])
    return made


def llama_405b(cards):
    """Weights are gathered once and kept, gradients are summed once, both beside kernels."""
    return setup("h100", cards, llama(126, 16384, 128, 53248), 2048, 16, 8, sequence=8192, zero=3, reshard=False,
                 memory="ignore",  # its schedule keeps less than an interleaved one does, how much less is not said
                 **{"precision.compute": "bf16", "overlap.data": "40MB", "parallel.stages": [0] + [1] * 126 + [0],
                    "collectives.tensor": "ring"})  # NCCL's; mode bound would not see direct messages share a card's links


def simumax(name):
    """SimuMax's rows on 8 B200, by their names."""
    words = name.split()
    value = {"TP": 1, "CP": 1, "EP": 1, "PP": 1, "s=": 4096, "m=": 0}
    for word in words[1:]:
        value[word[:2]] = int(word[2:])
    models = {
        "Llama-70B": llama(12, 8192, 64, 28672),
        "Llama-405B": llama(4, 16384, 128, 53248, 16),  # as its launch script has it
        "DeepSeek-V2": deepseek(5120, 12288, 102400, 160, 6, 2, 1536),
        "DeepSeek-V3": deepseek(7168, 18432, 129280, 256, 8, 1, 2048),
    }
    data = 8 // (value["TP"] * value["PP"] * value["CP"])
    parallel = {"parallel.context": value["CP"], "parallel.expert": value["EP"]}
    if value["CP"] > 1:
        parallel["parallel.context_exchange"] = "all_to_all"
    return setup("b200", 8, models[words[0]], value["m="] * data, value["PP"], tensor=value["TP"],
                 sequence=value["s="], **parallel)


def make_run(fact, mode="", changes=None):
    """`mode`: another one than the row's own: flows, or, where weights come and gradients go beside kernels all the time, as
    if links were never shared, which takes a minute rather than an hour."""
    machine, cards, settings, messages = fact
    mode = mode or ("bound" if settings.get("zero") == 3 else "flow")
    settings = settings | (changes or {})
    # Longer keys go over the mappings that shorter ones set.
    workload = {f"workload.{key}": value for key, value in sorted(settings.items(), key=lambda item: item[0].count("."))}
    fabric = {} if machine == "b200" else {"fabric.nodes": max(2, cards // NODE)}
    return Run.of(f"training-{machine}.yaml", {**fabric, **workload, "measure.what_if": False}, mode=mode,
                  cost=1 + messages / MESSAGES_PER_S)


#: Rows whose errors decide, and the largest one that a row may have, in percent.
A100_ROWS = {2: 10, 3: 10, 4: 10, 5: 10, 6: 10, 7: 10, 10: 10, 11: 10, 12: 10, 14: 10, 15: 10}
OTHER_LIMITS = {17: 12, 19: 3, 22: 15, 25: 15, 26: 15, 27: 12, 28: 12, 29: 12, 30: 10}
#: Rows that no single efficiency can fit, with what differs, and rows whose deviation is known (validation/README.md).
CONTRADICTIONS = {
    5: "row 11 has the same work in a replica and is 9 % faster; what its software hides explains a third",
    6: "row 12 has the same work in a replica and is 8 % faster; what its software hides explains a third",
    11: "row 5 has the same work in a replica and is 10 % slower; what its software does not hide explains a third",
    12: "row 6 has the same work in a replica and is 9 % slower; what its software does not hide explains a third",
    14: "768 cards of row 14 and 6,144 of row 15 have the same work in a replica; the larger is 2.8 % faster",
    25: "18 % faster with a micro-batch of 8 than of 2",
    28: "77, then 85 ms for a micro-batch more",
}
LONG = {8, 18, 19}  #: Gigabytes and minutes
LONG_NAMES = {"530B on 11200"}


def find_error(result, seconds):
    return result.summary["training"]["iteration_time_ns"] / 1e9 / seconds - 1


def note(result, row):
    """What the fabric can be blamed for, and what contradicts the row."""
    training = result.summary["training"]
    times = training["time_ns"]
    exposed = sum(times[kind] for kind in ("tensor", "pipeline", "data", "expert", "context"))
    text = f"MFU {training['mfu']:.1%}; fabric {exposed / training['iteration_time_ns']:.0%} of the time"
    return text + (f"; {CONTRADICTIONS[row]}" if row in CONTRADICTIONS else "")


def judge_rows(prefix, rows, results, limits):
    """A line for each published iteration, those of the fit told as such."""
    lines = []
    for row in rows:
        number = int(row["row"])
        result = results[number, row["name"]]
        limit = limits.get(number)
        is_fit = bool(row["fit"])
        lines.append(Row(f"{prefix}/{number}/{row['name']}" + (" (fit)" if is_fit else ""), row["seconds"],
                         result.summary["training"]["iteration_time_ns"] / 1e9,
                         Limit("reported", lambda ours, reference: True, False) if is_fit or not limit
                         else relative(limit / 100), "s", note=note(result, number)))
    return lines


def judge_fit(name, rows, results):
    """The device's number is where ours and the published times agree in the geometric mean."""
    ratio = geometric_mean(1 + find_error(results[int(row["row"]), row["name"]], row["seconds"]) for row in rows)
    return Row(f"{name}/fit", 1.0, ratio, relative(0.005),
               note=f"geometric mean of {len(rows)} iterations that the device's efficiency was fitted on")


def judge_errors(name, rows, results, mean_limit, geometric_limit):
    errors = [abs(find_error(results[int(row["row"]), row["name"]], row["seconds"])) * 100 for row in rows]
    return [
        Row(f"{name}/error, geometric mean", 0, geometric_mean(max(error, 0.01) for error in errors),
            at_most(geometric_limit, gate=True), "%", note=f"of {len(errors)} iterations, none of them fitted"),
        Row(f"{name}/error, mean", 0, sum(errors) / len(errors), at_most(mean_limit, gate=True), "%"),
        Row(f"{name}/error, largest", 0, max(errors), unit="%"),
    ]


def machine_case(machine, name, title, numbers, fits, limits, errors=None, long=False):
    """A case of a machine's rows. `fits`: marks in the reference; `errors`: limits of their means."""
    made = facts()
    rows = [row for row in references.load(REFERENCE)
            if int(row["row"]) in numbers and made[int(row["row"]), row["name"]][0] == machine
            and (int(row["row"]) in LONG or row["name"] in LONG_NAMES) == long]
    runs = {(int(row["row"]), row["name"]): make_run(made[int(row["row"]), row["name"]]) for row in rows}

    def judge(results):
        lines = judge_rows(name, rows, results, limits)
        for fit in fits:
            lines.append(judge_fit(f"{name}/{fit}", [row for row in rows if row["fit"] == fit], results))
        if errors:
            others = [row for row in rows if not row["fit"] and int(row["row"]) in limits]
            lines += judge_errors(name, others, results, *errors)
        return lines

    return Case(name, title, runs, judge, long=long)


def ladder():
    """MegaScale's table 3: what each overlap is worth, on 256 cards and 256 sequences. Before them it changed the model
    (parallel block, sliding window), which is left out: gains are compared, not levels. Its baseline hides backward's sums
    already; its kernels have gathers and sums fused into products (section 3.2), in how many parts is not said: Transformer
    Engine's `num_splits` is 4."""
    measured = {"tensor": 2.2, "pipeline": 2.5, "data": 1.5}
    base = MEGASCALE
    steps = {"none": {}, "tensor": {"overlap.tensor": 4, "overlap.tensor_kernels": "fused"}, "pipeline": {"overlap.pipeline": True},
             "data": {"overlap.data": "40MB"}}
    runs = {}
    changes = {}
    for step, change in steps.items():
        changes |= change
        runs[step] = make_run(setup("a100", 256, gpt(96, 12288, 128, 64000), 256, 8, 6, software=base), changes=changes)

    def judge(results):
        mfu = [results[step].summary["training"]["mfu"] * 100 for step in steps]
        gains = {step: now - before for step, before, now in zip(list(steps)[1:], mfu, mfu[1:])}
        return [Row(f"training/megascale/{step}", measured[step], gain, absolute(2.5, "points"), "points",
                    note="gain in MFU by overlap")
                for step, gain in gains.items()]

    return Case("training/megascale", "MegaScale: what overlaps are worth", runs, judge)


def scatter_gather():
    """Narayanan et al. 2021, section 5.7: parts of a message to the next stage, 96 cards, 60 sequences."""
    measured = {False: 131.0, True: 147.0}
    runs = {on: make_run(setup("a100", 96, gpt(96, 12288, 96), 60, 12, 2, software=SC21),
                         changes={"parallel.scatter_gather": on}) for on in measured}

    def judge(results):
        rate = {}
        for on, result in results.items():
            training = result.summary["training"]
            rate[on] = training["hfu"] * 312
        return [
            *[Row(f"training/scatter-gather/{'on' if on else 'off'}", measured[on], rate[on], relative(0.1), "TFLOP/s")
              for on in measured],
            Row("training/scatter-gather/gain", measured[True] / measured[False] - 1, rate[True] / rate[False] - 1,
                Limit("more, and not twice as much", lambda ours, reference: 0 < ours < 2 * reference),
                note="of hardware FLOP/s"),
        ]

    return Case("training/scatter-gather", "Megatron-LM: a message to the next stage in parts", runs, judge)


def fabric_error():
    """What the fabric's model adds: the same iterations in packets, in flows and as bound."""
    chosen = [(9, "22B selective on 8"), (10, "175B selective on 64"), (27, "Llama-70B TP8 m=4"),
              (28, "DeepSeek-V2 EP8 m=4")]
    made = facts()
    runs = {(key, mode): make_run(made[key], mode) for key in chosen for mode in ("packet", "flow", "bound")}

    def judge(results):
        rows = []
        for key in chosen:
            times = {mode: results[key, mode].summary["training"]["iteration_time_ns"] / 1e9
                     for mode in ("packet", "flow", "bound")}
            name = f"training/fabric/{key[0]}/{key[1]}"
            rows.append(Row(name, times["packet"], times["flow"], relative(0.01), "s",
                            note="flows against packets: the rest of the row's error is the model's"))
            rows.append(Row(f"{name}, bound", times["packet"], times["bound"],
                            Limit("not more", lambda ours, reference: ours <= reference), "s",
                            note="links that are never shared"))
        return rows

    return Case("training/fabric", "published iterations in packets and in flows", runs, judge)


def large_fabric_error():
    """The same where it is large: Llama 3 70B, 20 stages of tensor groups of 8, six replicas on 960 cards of kuae-1k.
    Tensor groups are folded: packets cross the rails, and a tensor group's collectives are simulated once."""
    text = "\n".join([
        "name: training-large", f"fabric: {{extends: {TOPOLOGIES / 'kuae-1k.yaml'}, nodes: 120}}", "workload:", "  training:",
        f"    model: {MODELS / 'llama3-70b.yaml'}", f"    device: {TOPOLOGIES / 'devices/s5000.yaml'}",
        "    batch: {sequence: 4096, micro: 1, global: 120}", "    parallel: {tensor: 8, pipeline: 20}",
        "    schedule: {kind: interleaved, virtual: 4}", "    zero: 1", "    fold: always",
        "measure: {what_if: false, messages: none}", ""])
    runs = {mode: Run.of(f"training-large-{mode}.yaml", mode=mode, cost=cost, text=text)
            for mode, cost in (("packet", 300), ("flow", 1))}

    def judge(results):
        times, seconds = ([results[mode].summary[key] for mode in ("packet", "flow")]
                          for key in ("completion_time_ns", "cpu_time_s"))
        return [Row("training/fabric-large", times[0] / 1e9, times[1] / 1e9, relative(0.001), "s",
                    note=f"packets {seconds[0]:.0f} CPU s, flows {seconds[1]:.1f}")]

    return Case("training/fabric-large", "an iteration on 960 cards in packets and in flows", runs, judge, long=True)


def cases(options):
    del options  # an iteration is run whole
    return [
        machine_case("a100", "training/a100", "published iterations on A100", {1, 9} | set(A100_ROWS), ["a100"],
                     A100_ROWS, (5, 4)),
        machine_case("a100", "training/a100-trend", "likewise, rows of other software", {13, 17}, [], OTHER_LIMITS),
        machine_case("a100", "training/a100-large", "likewise, those that take minutes", {8, 17}, [], OTHER_LIMITS,
                     long=True),
        machine_case("h100", "training/h100", "published iterations on H100", {22, 23, 25, 26}, ["h100-fp8"],
                     OTHER_LIMITS),
        machine_case("h100", "training/h100-large", "likewise, 8,192 and 16,384 cards", {18, 19}, ["h100"],
                     OTHER_LIMITS, long=True),
        machine_case("b200", "training/b200", "published iterations on B200", {27, 28, 29, 30}, ["b200"],
                     OTHER_LIMITS),
        ladder(),
        scatter_gather(),
        fabric_error(),
        large_fabric_error(),
    ]
