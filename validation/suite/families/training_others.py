# SPDX-License-Identifier: GPL-2.0-only
"""Published training iterations of other models and software than those of training.py. Nothing was fitted on them: devices and
all else are as they are there. Their errors are told; they are what a user's own iteration may be off by."""

from .. import references
from ..case import Case, Row, relative
from ..statistics import geometric_mean
from .training import BRIDGE, FSDP, TRITON, find_error, llama, make_run, mpt, note, setup

REFERENCE = "training-others"
BAND = 0.15  #: as of other rows of FSDP and of FP8


# Models. A run's model is laid over that of its machine's file, so each key that differs is said.
def plain(layers, hidden, heads, kv_heads, vocabulary, **more):
    """An MLP of two matrices, fused attention."""
    return {"layers": layers, "hidden": hidden, "heads": heads, "kv_heads": kv_heads, "ffn": 4 * hidden, "gated": False,
            "vocabulary": vocabulary, "bias": False, "dropout": False, "attention": "flash"} | more


def nemotron(layers, hidden, heads, kv_heads):
    """Its activation is the square of ReLU."""
    return plain(layers, hidden, heads, kv_heads, 256000)


def gpt3(layers, hidden, heads):
    """Without dropout, which its source does not state."""
    return plain(layers, hidden, heads, heads, 51200, positions=2048, tied_embeddings=True, bias=True)


def llama2(layers, hidden, heads, ffn, kv_heads):
    return llama(layers, hidden, heads, ffn, kv_heads) | {"vocabulary": 32000}


def foundry_mpt(layers, hidden, heads):
    return mpt(layers, hidden, heads) | {"bias": False, "dropout": False, "attention": "flash"}


# Software.
def nemo(cards, model, batch, tensor=1, pipeline=1, virtual=1, context=1, **more):
    """NeMo 24.07: overlaps as in Megatron-Bridge's recipes, which came from its own."""
    software = dict(BRIDGE)
    if tensor > 1:
        software["overlap.tensor"] = tensor
    if context > 1:
        software |= {"parallel.context": context, "parallel.context_exchange": "ring"}
    return setup("h100", cards, model, batch, pipeline, virtual, tensor, software=software,
                 memory="ignore",  # inputs of products are kept in 8 bit; the plan has 16
                 **{"precision.compute": "fp8"}, **more)


def foundry(machine, cards, model, batch, micro, sequence, recompute):
    """llm-foundry as in training.py; on an A100 FlashAttention-2 is as the device has it."""
    software = FSDP if machine == "h100" else FSDP | {"device.attention.forward": round(1.0 * TRITON["forward"], 3),
                                                      "device.attention.backward": round(0.8 * TRITON["backward"], 3)}
    return setup(machine, cards, model, batch, tensor=1, micro=micro, sequence=sequence, recompute=recompute,
                 software=software, memory="ignore")


def facts():
    """Each iteration's set-up, by row and name of the reference."""
    made = {
        (31, "GPT3-5B on 64"): nemo(64, gpt3(24, 4096, 32), 2048, micro=4),
        (31, "GPT3-20B on 64"): nemo(64, gpt3(44, 6144, 48), 256, 2, micro=2),
        (31, "GPT3-175B on 128"): nemo(128, gpt3(96, 12288, 96), 256, 4, 8, 6),
        (31, "Llama2-7B on 8"): nemo(8, llama2(32, 4096, 32, 11008, 32), 128, sequence=4096),
        (31, "Llama2-13B on 16"): nemo(16, llama2(40, 5120, 40, 13824, 40), 128, 1, 4, 10, sequence=4096),
        (31, "Llama2-70B on 64"): nemo(64, llama2(80, 8192, 64, 28672, 8), 128, 4, 4, 20, sequence=4096),
        (31, "Nemotron-8B on 64"): nemo(64, nemotron(32, 4096, 32, 32), 256, 2, micro=4, sequence=4096),
        (31, "Nemotron-22B on 64"): nemo(64, nemotron(40, 6144, 48, 48), 256, 2, 4, 10, micro=2, sequence=4096),
        (31, "Nemotron-340B on 128"): nemo(128, nemotron(96, 18432, 96, 8), 32, 8, 8, 12, sequence=4096),
        (31, "Llama3-8B on 8"): nemo(8, llama(32, 4096, 32, 14336), 128, context=2, sequence=8192),
        (31, "Llama3-70B on 64"): nemo(64, llama(80, 8192, 64, 28672), 128, 4, 4, 5, 2, sequence=8192),
    }
    mpts = {"1B": foundry_mpt(24, 2048, 16), "3B": foundry_mpt(32, 2560, 20), "7B": foundry_mpt(32, 4096, 32),
            "13B": foundry_mpt(40, 5120, 40), "30B": foundry_mpt(48, 7168, 56), "70B": foundry_mpt(80, 8192, 64)}
    for machine, size, cards, sequence, micro, batch, recompute in (
            ("a100", "70B", 64, 2048, 8, 2048, "full"), ("a100", "70B", 32, 2048, 2, 1024, "full"),
            ("a100", "30B", 8, 8192, 1, 168, "full"), ("a100", "30B", 8, 2048, 3, 504, "full"),
            ("a100", "13B", 8, 16384, 3, 72, "full"), ("a100", "13B", 8, 2048, 2, 48, "none"),
            ("a100", "7B", 8, 8192, 8, 128, "full"), ("a100", "7B", 8, 2048, 6, 96, "none"),
            ("a100", "3B", 8, 2048, 10, 160, "none"), ("a100", "1B", 8, 2048, 14, 448, "none"),
            ("h100", "30B", 32, 2048, 14, 1344, "full"), ("h100", "30B", 8, 2048, 3, 504, "full"),
            ("h100", "30B", 8, 8192, 1, 168, "full"), ("h100", "13B", 64, 2048, 2, 128, "none"),
            ("h100", "13B", 8, 2048, 2, 16, "none"), ("h100", "7B", 8, 2048, 6, 48, "none"),
            ("h100", "7B", 8, 8192, 8, 128, "full"), ("h100", "1B", 64, 2048, 20, 1280, "none")):
        row = 32 if machine == "a100" else 33
        made[row, f"MPT-{size} on {cards} s={sequence}"] = foundry(machine, cards, mpts[size], batch, micro, sequence,
                                                                  recompute)
    return made


def case(name, title, number):
    made = facts()
    rows = [row for row in references.load(REFERENCE) if int(row["row"]) == number]
    runs = {row["name"]: make_run(made[number, row["name"]]) for row in rows}

    def judge(results):
        errors = [find_error(results[row["name"]], row["seconds"]) * 100 for row in rows]
        lines = [Row(f"{name}/{row['name']}", row["seconds"], row["seconds"] * (1 + error / 100), relative(BAND, gate=False), "s",
                     note=note(results[row["name"]], number))
                 for row, error in zip(rows, errors)]
        sizes = [max(abs(error), 0.01) for error in errors]
        return lines + [Row(f"{name}/error, geometric mean", 0, geometric_mean(sizes), unit="%"),
                        Row(f"{name}/error, mean", 0, sum(sizes) / len(sizes), unit="%")]

    return Case(name, title, runs, judge)


def cases(options):
    del options  # an iteration is run whole
    return [case("training/others-nemo", "NeMo on H100 in FP8, nothing fitted", 31),
            case("training/others-foundry-a100", "llm-foundry on A100, nothing fitted", 32),
            case("training/others-foundry-h100", "llm-foundry on H100, nothing fitted", 33)]
