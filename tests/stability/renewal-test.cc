/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Closed forms of a job that fails and is restarted, against published sums and one another.
 */

#include "stability/renewal.h"

#include <cmath>
#include <doctest/doctest.h>
#include <initializer_list>
#include <limits>

using namespace ns3::mtlink;

namespace
{

constexpr double DAY = 86400;

/** Cost of a checkpoint and recovery, seconds. */
constexpr struct
{
    double cost;
    double recovery;
} COLUMNS[] = {{60, 1500}, {20, 900}, {2, 300}, {0.2, 120}};

/** A row of the table: failures per node of 8 cards and day, and ETTR in percent; 0: below that. */
struct Row
{
    double rate;
    double cards;
    double mttfHours;
    double ettr[4];
    double digit[4]; //!< What the last printed digit is worth
};

// RSC-2, Llama 3, RSC-1: at the best interval, to first order.
constexpr Row ROWS[] = {
    {2.34e-3, 1000, 82, {97.5, 98.5, 99.5, 99.8}, {.1, .1, .1, .1}},
    {2.34e-3, 10240, 8.0, {88.4, 93.2, 97.8, 99.2}, {.1, .1, .1, .1}},
    {2.34e-3, 100000, 0.82, {29, 58, 86, 94.8}, {1, 1, 1, .1}},
    {3.79e-3, 1000, 50.7, {96.6, 98.0, 99.4, 99.8}, {.1, .1, .1, .1}},
    {3.79e-3, 10240, 4.95, {83.4, 90.2, 96.8, 98.9}, {.1, .1, .1, .1}},
    {3.79e-3, 100000, 0.51, {0, 36, 79, 91.9}, {1, 1, 1, .1}},
    {6.50e-3, 1000, 29.5, {95.2, 97.2, 99.1, 99.7}, {.1, .1, .1, .1}},
    {6.50e-3, 10240, 2.88, {74.8, 85.1, 95.1, 98.2}, {.1, .1, .1, .1}},
    {6.50e-3, 100000, 0.30, {0, 0, 66, 86.8}, {1, 1, 1, .1}},
};

double
GetMttf(double rate, double cards)
{
    return DAY / (cards / 8 * rate);
}

double
GetBestFirstOrder(double cost, double recovery, double mttf)
{
    return GetFirstOrderEttr({mttf, GetYoungInterval(cost, mttf), cost, recovery});
}

} // namespace

TEST_SUITE("renewal")
{
    TEST_CASE("the published failure rates give the published table, to its last digit")
    {
        for (const Row& row : ROWS)
        {
            const double mttf = GetMttf(row.rate, row.cards);
            CAPTURE(row.rate);
            CAPTURE(row.cards);
            CHECK(std::abs(mttf / 3600 / row.mttfHours - 1) < 0.02);
            for (int column = 0; column < 4; ++column)
            {
                CAPTURE(column);
                const auto& [cost, recovery] = COLUMNS[column];
                const double ettr = 100 * GetBestFirstOrder(cost, recovery, mttf);
                if (row.ettr[column] == 0)
                {
                    CHECK(ettr < 0);
                }
                else
                {
                    CHECK(std::abs(ettr - row.ettr[column]) <= 0.5 * row.digit[column] + 0.005);
                }
            }
        }
    }

    TEST_CASE("99 % on 10,240 cards leave so many seconds for recovery")
    {
        const double mttf = GetMttf(3.79e-3, 10240);
        const auto find = [](double cost, double mttf) {
            return (0.01 - GetYoungInterval(cost, mttf) / mttf) * mttf;
        };
        CHECK(std::abs(find(0.05, mttf) - 136) < 1);
        CHECK(std::abs(find(0.1, mttf) - 118) < 1);
        CHECK(std::abs(find(0.2, mttf) - 94) < 1);
        CHECK(std::abs(find(0.5, mttf) - 45) < 1);
        CHECK(find(1, mttf) < 0);
        CHECK(std::abs(find(2, GetMttf(3.79e-3, 1000)) / 60 - 16) < 0.5);
    }

    TEST_CASE("the renewal interval keeps most, whatever the recovery")
    {
        for (const double cost : {1e-3, 1.0, 60.0, 2000.0})
        {
            const double mttf = 3600;
            const double best = GetRenewalInterval(cost, mttf);
            CHECK(best > 0);
            CHECK(best < mttf);
            for (const double recovery : {0.0, 500.0})
            {
                const double most = GetRenewalEttr({mttf, best, cost, recovery});
                CHECK(most >= GetRenewalEttr({mttf, best * 1.01, cost, recovery}));
                CHECK(most >= GetRenewalEttr({mttf, best * 0.99, cost, recovery}));
            }
        }
        CHECK(GetRenewalInterval(0, 3600) == 0);
        CHECK(std::isinf(GetRenewalInterval(1, std::numeric_limits<double>::infinity())));
    }

    TEST_CASE("the first order is the limit of rare failures, and too low where they are not")
    {
        for (const double mttf : {1e6, 1e8, 1e10})
        {
            const double cost = 10;
            const double recovery = 300;
            const double interval = GetRenewalInterval(cost, mttf);
            const double renewal = GetRenewalEttr({mttf, interval, cost, recovery});
            const double first = GetFirstOrderEttr({mttf, interval, cost, recovery});
            const double meta = GetMetaEttr({mttf, interval, cost, recovery});
            const double lost = 1 - renewal;
            CHECK(std::abs(first - renewal) < lost * lost);
            CHECK(std::abs(meta - renewal) < lost * lost);
            // Daly's next term is w/3, the one after it is smaller by sqrt(w/M).
            CHECK(std::abs(interval - GetDalyInterval(cost, mttf) - cost / 3) <
                  cost * std::sqrt(cost / mttf));
        }
        const double mttf = GetMttf(2.34e-3, 100000);
        const double interval = GetRenewalInterval(60, mttf);
        CHECK(GetRenewalEttr({mttf, interval, 60, 1500}) > GetBestFirstOrder(60, 1500, mttf) + 0.1);
    }

    TEST_CASE("what never fails loses checkpoints only")
    {
        const double never = std::numeric_limits<double>::infinity();
        CHECK(GetRenewalEttr({never, 90, 10, 500}) == doctest::Approx(0.9));
        CHECK(GetRenewalEttr({never, never, 10, 500}) == 1);
    }
}
