/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Parameters and operations of models against what their authors print.
 */

#include "training-trial.h"

#include <cmath>
#include <doctest/doctest.h>

using namespace ns3::mtlink;

namespace
{

/** @return a training of a model. */
TrainingSpec
MakeTraining(const Transformer& model, uint64_t global, uint64_t sequence = 2048)
{
    TrainingSpec spec;
    spec.model = model;
    spec.sequence = sequence;
    spec.global = global;
    return spec;
}

/** @return MFU in percent, of cards of a peak in TFLOP/s. */
double
GetMfu(const TrainingSpec& spec, double cards, double peak, double seconds)
{
    return GetIterationFlops(spec).model / (cards * peak * 1e12 * seconds) * 100;
}

Transformer
MakeLlama(uint32_t layers, uint32_t hidden, uint32_t heads, uint32_t ffn)
{
    Transformer model = MakeGpt(layers, hidden, heads, 128256);
    model.kvHeads = 8;
    model.ffn = ffn;
    model.gated = true;
    model.tied = false;
    model.bias = false;
    model.positions = 0;
    return model;
}

/** PaLM 540B: multi-query attention, SwiGLU, tied embeddings (arXiv 2204.02311, table 1). */
Transformer
MakePalm()
{
    Transformer model = MakeLlama(118, 18432, 48, 73728);
    model.kvHeads = 1;
    model.headSize = 256;
    model.vocabulary = 256000;
    model.tied = true;
    return model;
}

} // namespace

TEST_SUITE("training-transformer")
{
    TEST_CASE("published MFUs follow from published iteration times, to 0.1 point")
    {
        // MegaScale (arXiv 2402.15627), table 2: Megatron-LM on A100.
        Transformer megascale = MakeGpt(96, 12288, 128, 64000);
        CHECK(GetMfu(MakeTraining(megascale, 768), 256, 312, 40.0) ==
              doctest::Approx(53.0).epsilon(0.1 / 53));
        CHECK(GetMfu(MakeTraining(megascale, 6144), 3072, 312, 29.02) ==
              doctest::Approx(48.7).epsilon(0.1 / 48.7));
        CHECK(GetMfu(MakeTraining(megascale, 6144), 12288, 312, 8.57) ==
              doctest::Approx(41.2).epsilon(0.1 / 41.2));
        // MT-NLG 530B (arXiv 2201.11990), 2,240 A100.
        CHECK(GetMfu(MakeTraining(MakeGpt(105, 20480, 128), 1920), 2240, 312, 60.1) ==
              doctest::Approx(30.2).epsilon(0.1 / 30.2));
        // PaLM: 238.3 thousand tokens/s on 6,144 TPU v4.
        const TrainingSpec palm = MakeTraining(MakePalm(), 2048);
        CHECK(GetMfu(palm, 6144, 275, 2048. * 2048 / 238.3e3) ==
              doctest::Approx(46.2).epsilon(0.1 / 46.2));
    }

    TEST_CASE("operations of a GPT are those of the closed form")
    {
        // Narayanan et al. 2021, equation 3: 96 B s L h^2 (1 + s/6h + V/16Lh) with recomputation.
        const double batch = 1536;
        const double s = 2048;
        const double layers = 96;
        const double h = 12288;
        const double v = 51200;
        TrainingSpec spec = MakeTraining(MakeGpt(96, 12288, 96), 1536);
        spec.recompute = Recompute::FULL;
        const IterationFlops flops = GetIterationFlops(spec);
        const double model =
            72 * batch * s * layers * h * h * (1 + s / (6 * h) + v / (12 * layers * h));
        const double hardware =
            96 * batch * s * layers * h * h * (1 + s / (6 * h) + v / (16 * layers * h));
        CHECK(flops.model == doctest::Approx(model).epsilon(1e-12));
        CHECK(flops.hardware == doctest::Approx(hardware).epsilon(1e-12));
    }

    TEST_CASE("parameters of a GPT are those of the closed form, but for the last norm")
    {
        // Narayanan et al. 2021, equation 2: 12 L h^2 (1 + 13/12h + (V + s)/12Lh).
        const Transformer gpt = MakeGpt(96, 12288, 96);
        const double h = 12288;
        const double expected =
            12. * 96 * h * h * (1 + 13 / (12 * h) + (51200. + 2048) / (12 * 96 * h));
        CHECK(static_cast<double>(gpt.GetParameters()) - 2 * h ==
              doctest::Approx(expected).epsilon(1e-12));
    }

    TEST_CASE("models have as many parameters as their names say")
    {
        CHECK(MakeLlama(32, 4096, 32, 14336).GetParameters() ==
              8'030'261'248); // config and weights as published
        CHECK(MakeLlama(80, 8192, 64, 28672).GetParameters() == 70'553'706'496);
        CHECK(static_cast<double>(MakeLlama(126, 16384, 128, 53248).GetParameters()) ==
              doctest::Approx(405.85e9).epsilon(1e-4));
        Transformer mixtral = MakeLlama(32, 4096, 32, 14336);
        mixtral.vocabulary = 32000;
        mixtral.moe = Experts{8, 2, 0, 14336, 0};
        CHECK(mixtral.GetParameters() == 46'702'792'704);
        Transformer deepseek = MakeLlama(61, 7168, 128, 18432);
        deepseek.vocabulary = 129280;
        deepseek.latent = LatentAttention{1536, 512, 128, 64, 128};
        deepseek.moe = Experts{256, 8, 1, 2048, 3};
        CHECK(static_cast<double>(deepseek.GetParameters()) ==
              doctest::Approx(671e9).epsilon(0.001));
        uint64_t active = deepseek.GetEmbedding() + deepseek.GetOutput();
        for (uint32_t layer = 0; layer < deepseek.layers; ++layer)
        {
            active += deepseek.GetMatmulWeights(layer);
        }
        CHECK(static_cast<double>(active) == doctest::Approx(37.5e9).epsilon(0.01)); // "37B"
        CHECK(static_cast<double>(MakePalm().GetParameters()) ==
              doctest::Approx(540.35e9).epsilon(1e-3));
    }

    TEST_CASE("500 billion parameters and 15e12 tokens at 1 EFLOP/s and 50 % take 2.852 years")
    {
        // 6 N D alone: a model without attention's products and embeddings that are no weights.
        Transformer model = MakeGpt(1, 1, 1, 1);
        model.bias = false;
        const double weights = static_cast<double>(model.GetMatmulWeights(0)) + 1;
        const double attention = model.GetModelFlops(0) / weights;
        CHECK(attention == 6); // per weight and token
        const double years = attention * 5e11 * 15e12 / (1e18 * 0.5) / (365.25 * 86400);
        CHECK(years == doctest::Approx(2.852).epsilon(0.0005 / 2.852));
    }
}
