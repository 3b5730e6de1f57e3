// A block of cells in the grid, from the cell where it began to the one that has the focus.

export class Selection {
  /** `rows` in order, each with its `inputs`. */
  constructor(rows) {
    this.rows = rows
    this.anchor = null
    this.shown = []
  }

  place(input) {
    const row = this.rows.findIndex((candidate) => candidate.inputs.includes(input))
    return { row, column: row < 0 ? -1 : this.rows[row].inputs.indexOf(input) }
  }

  at({ row, column }) {
    return this.rows[row]?.inputs[column] ?? null
  }

  /** Stretch the block to an input, from the one where it began. */
  stretch(from, to) {
    this.anchor ??= from
    const [a, b] = [this.place(this.anchor), this.place(to)]
    const span = (one, other) => [Math.min(one, other), Math.max(one, other) + 1]
    const inside = this.rows.slice(...span(a.row, b.row)).map((row) => row.inputs.slice(...span(a.column, b.column)))
    this.clear()
    this.anchor = this.at(a)
    this.shown = inside
    for (const input of inside.flat()) input.closest("td").classList.add("grid__cell--selected")
  }

  clear() {
    for (const input of this.shown.flat()) input.closest("td").classList.remove("grid__cell--selected")
    this.shown = []
    this.anchor = null
  }

  /** The block as rows of inputs; only this input while nothing is stretched. */
  block(input) {
    return this.shown.length ? this.shown : [[input]]
  }

  /** The block of `height` by `width` that starts at an input; null when it does not fit. */
  from(input, height, width) {
    const { row, column } = this.place(input)
    const inside = this.rows.slice(row, row + height).map((candidate) => candidate.inputs.slice(column, column + width))
    return inside.length === height && inside.every((inputs) => inputs.length === width) ? inside : null
  }
}
