// What follows from the amounts of a row: budget figures, sums of columns, and totals. The counterpart of
// investments/evaluation.py. An amount is whole cents (BigInt), null for an empty cell, undefined while it cannot be read.
import { euros } from "duoplus/amounts"
import { lineFigures, mark, share, totalFigures } from "duoplus/variance"

const BUDGET = ["original", "amendments", "amended", "actual", "result"]
const NOT_YET = "…"
const UNKNOWN = "onbekend"

/** `rules` are those of investments.grid.Grid.rules: key, name of the field, terms, whether empty means
 * unknown and whether last year's table fills it. */
export class Cells {
  constructor(rules) {
    this.rules = rules.map((rule) => ({ ...rule, isSum: rule.terms.length > 0 }))
    this.byKey = new Map(this.rules.map((rule) => [rule.key, rule]))
    for (const rule of this.rules) rule.roots = this.#roots(rule.key)
    this.hasBudget = this.rules.some((rule) => BUDGET.includes(rule.key))
    this.typed = this.rules.filter((rule) => rule.carried || (rule.name && !BUDGET.includes(rule.key)))
  }

  /** All cells of a line, from what was entered: {budget, typed}. */
  ofLine({ budget, typed }) {
    const figures = budget && lineFigures(budget)
    return this.#withSums({ figures, ...this.#budget(figures), ...typed })
  }

  /** All cells of a total of lines, each counted with its sign. */
  ofTotal(counted) {
    const lines = counted.every(([cells]) => cells?.figures)
    const figures = this.hasBudget && lines ? totalFigures(counted.map(([cells, sign]) => [cells.figures, sign])) : null
    const typed = this.typed.map(({ key, unknown }) => [key, added(counted.map(([cells, sign]) => [cells?.[key], sign]), unknown)])
    return this.#withSums({ figures, ...this.#budget(figures), ...Object.fromEntries(typed) })
  }

  /** On which columns a column depends whose empty cells say that an amount is not known. */
  #roots(key) {
    const rule = this.byKey.get(key)
    if (rule?.isSum) return [...new Set(rule.terms.flatMap(([term]) => this.#roots(term)))]
    return rule?.unknown ? [key] : []
  }

  #budget(figures) {
    return Object.fromEntries(BUDGET.map((key) => [key, figures ? figures[key] : undefined]))
  }

  #withSums(cells) {
    for (const rule of this.rules) if (rule.isSum) cells[rule.key] = this.#sum(rule, cells)
    return cells
  }

  #sum(rule, cells) {
    const parts = rule.terms.map(([key, sign]) => {
      const part = this.byKey.get(key)
      return { value: part?.isSum ? this.#sum(part, cells) : cells[key], sign: BigInt(sign) }
    })
    if (isUnknown(rule, cells)) return null
    return added(parts.map(({ value, sign }) => [value, sign]), false)
  }

  /** Put figures in the cells of a row that nobody types in. */
  show(key, cells) {
    const place = (name) => document.getElementById(`regel-${key}-${name}`)
    for (const rule of this.rules) {
      const name = rule.key
      if (!place(name)?.matches(".grid__computed:not([data-stated])")) continue
      if (name === "result") place(name).replaceChildren(deviation(cells.figures))
      else place(name).textContent = written(cells[name], isUnknown(rule, cells))
    }
    const percentage = place("percentage")
    if (percentage) percentage.textContent = cells.figures ? share(cells.figures.percentage) : NOT_YET
  }
}

/** Whether a cell of this column is empty because an amount is not known; the counterpart of Evaluation.unknown. */
const isUnknown = (rule, cells) => rule.roots.some((key) => cells[key] === null)

function added(parts, unknown) {
  const values = parts.map(([value]) => value)
  if (values.includes(undefined)) return undefined
  if (values.every((value) => value === null) || (unknown && values.includes(null))) return null
  return parts.reduce((sum, [value, sign]) => sum + (value ?? 0n) * sign, 0n)
}

function written(cents, unknown) {
  if (cents === undefined) return NOT_YET
  if (cents === null) return unknown ? UNKNOWN : ""
  return euros(cents)
}

/** As templates/includes/deviation.html draws it. */
function deviation(figures) {
  const box = document.createElement("span")
  const letter = figures && mark(figures.result)
  box.className = { V: "deviation deviation--favourable", N: "deviation deviation--unfavourable" }[letter] ?? "deviation"
  box.textContent = figures ? euros(figures.result) : NOT_YET
  if (letter) {
    const word = document.createElement("abbr")
    word.title = letter === "V" ? "voordeel" : "nadeel"
    word.textContent = letter
    box.append(word)
  }
  return box
}
