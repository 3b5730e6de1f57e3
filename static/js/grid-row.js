// One row of the grid: what is typed in it, whether that is stored, and how it gets stored.
import { parse } from "duoplus/amounts"

const csrfToken = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ?? ""

/** A word with a shape, as templates/includes/status.html draws it. */
function status(kind, label) {
  const mark = document.createElement("span")
  mark.className = `status status--${kind}`
  mark.textContent = label
  return mark
}

export class GridRow {
  /** `changed` is called when the row is stored or refused, so that totals and marks can follow. */
  constructor(element, form, changed) {
    this.element = element
    this.form = form
    this.key = element.dataset.line
    this.changed = changed
    this.saving = null
    this.inConflict = Boolean(this.message?.querySelector("[data-keep-theirs]"))
    this.refused = element.dataset.state === "error"
    this.savedHere = false
    this.inputs = [...element.querySelectorAll(".grid__input")]
  }

  get message() {
    return document.getElementById(`bericht-${this.key}`)
  }

  get typed() {
    return Object.fromEntries(this.inputs.map((input) => [input.name, input.value]))
  }

  /** Whether something in the row is not stored as it stands there. */
  get isDirty() {
    return this.refused || this.inputs.some((input) => input.value !== input.dataset.stored)
  }

  /** What was entered, in cents: the budget, null while it cannot be read, and what stands in columns of the table's own. */
  get entered() {
    const amounts = this.inputs.filter((input) => !input.matches(".grid__input--text"))
    const read = (input) => (input?.value.trim() ? (parse(input.value) ?? undefined) : null)
    // What last year's table fills in stands in the row, and nobody types it.
    const carried = Object.entries(JSON.parse(this.element.dataset.carried ?? "{}"))
    const typed = Object.fromEntries([
      ...amounts.map((input) => [input.name.replace(/^cell_/, ""), read(input)]),
      ...carried.map(([key, cents]) => [key, cents === null ? null : BigInt(cents)]),
    ])
    const { original, actual } = typed
    const { amendments, sign, actual: posted } = this.element.dataset
    if (original === undefined && "original" in typed) return { budget: null, typed }
    if (actual === undefined && "actual" in typed) return { budget: null, typed }
    // In a row that takes it from the ledger nobody types the actual.
    const spent = posted === undefined ? (actual ?? 0n) : BigInt(posted)
    const budget = { original: original ?? 0n, actual: spent, amendments: BigInt(amendments), sign: BigInt(sign) }
    return { budget, typed }
  }

  /** Whether the focus is in one of the row's amounts, or on what is said below it. */
  isTypedIn(target) {
    return this.inputs.includes(target) || Boolean(this.message?.contains(target))
  }

  owns(target) {
    return this.element.contains(target) || Boolean(this.message?.contains(target))
  }

  /** Back to what is stored, for one input or for all. */
  restore(inputs = this.inputs) {
    for (const input of inputs) input.value = input.dataset.stored
    if (this.inputs.some((input) => input.value !== input.dataset.stored)) return
    if (this.refused) {
      this.inConflict = this.refused = false
      this.#show(null, [])
      this.showState()
    }
    this.form.dispatchEvent(new CustomEvent("duoplus:saved", { bubbles: true }))
  }

  /** Store the row unless it is stored; one request at a time, and again when more was typed meanwhile. */
  async save() {
    while (this.saving) await this.saving
    if (!this.isDirty) return
    this.saving = this.#send()
    await this.saving
    this.saving = null
    this.changed(this)
  }

  /** Leaving a row stores it, but never over what somebody else stored: that takes the button in the message. */
  leave() {
    if (this.isDirty && !this.inConflict) this.save()
  }

  async #send() {
    const sent = this.typed
    const body = new FormData(this.form)
    // After logging in again, in another tab, the token in this page is no longer valid; the one in the cookie is.
    body.set("csrfmiddlewaretoken", csrfToken())
    this.element.dataset.state = "saving"
    this.showState(status("running", "opslaan…"))
    let answer, html
    try {
      answer = await fetch(this.form.action, { method: "POST", body, headers: { "HX-Request": "true" }, keepalive: true })
      html = await answer.text()
    } catch {
      return this.#refuse("verbinding")
    }
    if (answer.headers.has("HX-Redirect") || !csrfToken()) this.#refuse("verlopen")
    else if ([200, 409, 422].includes(answer.status)) this.#accept(html, answer.status, sent)
    else this.#refuse(answer.status < 500 ? "geweigerd" : "fout")
  }

  /** Take over from the answered row all but what is being typed. */
  #accept(html, code, sent) {
    const answer = document.createElement("template")
    answer.innerHTML = html
    const row = answer.content.querySelector("tr[data-line]")
    const inputs = [...row.querySelectorAll(".grid__input")]
    for (const input of this.inputs) input.dataset.stored = inputs.find((other) => other.name === input.name).dataset.stored
    this.element.dataset.amendments = row.dataset.amendments
    this.form.elements.version.value = row.querySelector('[name="version"]').value
    const amendments = document.getElementById(`regel-${this.key}-amendments`)
    if (amendments) amendments.textContent = answer.content.getElementById(amendments.id).textContent
    this.refused = code !== 200
    this.inConflict = code === 409
    this.savedHere = code === 200
    if (code === 200) this.#takeOver(sent)
    this.#show(answer.content.getElementById(`bericht-${this.key}`), inputs)
    this.showState(...answer.content.getElementById(`regel-${this.key}-state`).children)
    if (code === 200) this.form.dispatchEvent(new CustomEvent("duoplus:saved", { bubbles: true }))
  }

  /** Write stored amounts as the portal writes them, except where somebody is typing or typed on. */
  #takeOver(sent) {
    for (const input of this.inputs) {
      if (input.value === sent[input.name] && input !== document.activeElement) input.value = input.dataset.stored
    }
  }

  /** Nothing came back to show: say why below the row; what was typed stays. */
  #refuse(reason) {
    const line = document.createElement("tr")
    const cell = line.insertCell()
    line.className = "grid__message"
    line.id = `bericht-${this.key}`
    cell.colSpan = this.element.cells.length
    cell.append(document.getElementById(`bericht-${reason}`).content.cloneNode(true))
    for (const button of cell.querySelectorAll("button")) button.setAttribute("form", this.form.id)
    this.refused = true
    this.#show(line, [])
    this.showState(status("attention", "niet opgeslagen"))
  }

  #show(message, answered) {
    this.message?.remove()
    if (message) this.element.after(message)
    this.element.dataset.state = this.refused ? "error" : "saved"
    for (const input of this.inputs) {
      const wrong = answered.find((other) => other.name === input.name)
      for (const name of ["aria-invalid", "aria-describedby"]) {
        if (wrong?.hasAttribute(name)) input.setAttribute(name, wrong.getAttribute(name))
        else input.removeAttribute(name)
      }
    }
  }

  /** The mark in the row's last column; without one, whether the row was stored from this page. */
  showState(...marks) {
    const shown = marks.length || !this.savedHere ? marks : [status("done", "opgeslagen")]
    document.getElementById(`regel-${this.key}-state`).replaceChildren(...shown)
  }
}
