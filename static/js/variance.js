// Budget against actual in whole cents (BigInt). The counterpart of investments/variance.py and calculation.py: all are
// held to tests/vectors/variance.json.

const magnitude = (value) => (value < 0n ? -value : value)

export const amended = (original, amendments) => original + amendments

/** What was left (sign 1n) or came in extra (-1n); positive is favourable. */
export const result = (amendedBudget, actual, sign) => (amendedBudget - actual) * sign

/** Whole percents of the amended budget, half away from zero; null where that budget is 0. */
export function percentage(deviation, amendedBudget) {
  if (amendedBudget === 0n) return null
  const base = magnitude(amendedBudget)
  const percents = (200n * magnitude(deviation) + base) / (2n * base)
  return deviation < 0n ? -percents : percents
}

export const mark = (deviation) => (deviation > 0n ? "V" : deviation < 0n ? "N" : "")

export const share = (percents) => (percents === null ? "n.v.t." : `${percents}%`)

/** All figures of a line from what was entered. */
export function lineFigures({ original, amendments, actual, sign }) {
  const budget = amended(original, amendments)
  const deviation = result(budget, actual, sign)
  return { original, amendments, amended: budget, actual, result: deviation, percentage: percentage(deviation, budget) }
}

/** Figures of a total of lines, each counted with its sign; the result is the sum of favourable results. */
export function totalFigures(counted) {
  const sums = { original: 0n, amendments: 0n, amended: 0n, actual: 0n, result: 0n }
  for (const [figures, sign] of counted) {
    for (const name of ["original", "amendments", "amended", "actual"]) sums[name] += figures[name] * sign
    sums.result += figures.result
  }
  return { ...sums, percentage: percentage(sums.result, sums.amended) }
}
