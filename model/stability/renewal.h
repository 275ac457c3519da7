/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RENEWAL_H
#define MTLINK_RENEWAL_H

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A job that works, checkpoints and fails, its failures a Poisson process. All times in one unit.
 */
struct RenewalModel
{
    double mttf{0};     //!< Mean time to a failure that stops it; infinite: never
    double interval{0}; //!< Work between two checkpoints
    double cost{0};     //!< Time that a checkpoint takes from work
    double recovery{0}; //!< From a failure to working again; a failure within it begins it anew
};

/**
 * @ingroup mtlink
 * The interval that keeps most, by renewal: t with (1 - t/M) exp((t + w)/M) = 1, exact for
 * exponential times to failure, whatever the recovery (Daly 2006, eq. 13, solved and not expanded).
 * @param [in] cost Time that a checkpoint takes from work, w.
 * @param [in] mttf M.
 * @return it, below M; 0 where checkpoints cost nothing, infinite where nothing fails.
 */
double GetRenewalInterval(double cost, double mttf);

/**
 * @ingroup mtlink
 * Share of the time that is kept work, in the long run: the interval by the mean time that it and
 * its checkpoint take until they are done without a failure, exp(R/M) M (exp((t + w)/M) - 1).
 * @param [in] model The job.
 * @return the share, 0 to 1.
 */
double GetRenewalEttr(const RenewalModel& model);

/**
 * @ingroup mtlink
 * Young 1974: sqrt(2 w M).
 * @param [in] cost w.
 * @param [in] mttf M.
 * @return the interval.
 */
double GetYoungInterval(double cost, double mttf);

/**
 * @ingroup mtlink
 * Daly 2006, first order: sqrt(2 w M) - w.
 * @param [in] cost w.
 * @param [in] mttf M.
 * @return the interval; below 0 where w is above 2 M.
 */
double GetDalyInterval(double cost, double mttf);

/**
 * @ingroup mtlink
 * First order: 1 - w/t - (t/2 + R)/M.
 * @param [in] model The job.
 * @return the share; below 0 where that is far beyond what it holds for.
 */
double GetFirstOrderEttr(const RenewalModel& model);

/**
 * @ingroup mtlink
 * As Meta has it (Kokolis et al. 2024, arXiv 2410.21680): (1 - (R + t/2)/M) / (1 + w/t).
 * @param [in] model The job.
 * @return the share; below 0 likewise.
 */
double GetMetaEttr(const RenewalModel& model);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RENEWAL_H
