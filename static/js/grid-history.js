// What was typed, pasted or filled on this page, so that it can be undone: a step is a list of changed cells.

export class History {
  #done = []
  #undone = []

  /** Note a step: [{ input, before, after }, ...]. */
  add(changes) {
    const real = changes.filter(({ before, after }) => before !== after)
    if (!real.length) return
    this.#done.push(real)
    this.#undone = []
  }

  /** Put back the last step; the inputs that changed. */
  undo() {
    return this.#turn(this.#done, this.#undone, "before")
  }

  redo() {
    return this.#turn(this.#undone, this.#done, "after")
  }

  #turn(from, to, side) {
    const step = from.pop()
    if (!step) return []
    to.push(step)
    for (const change of step) change.input.value = change[side]
    return step.map(({ input }) => input)
  }
}
