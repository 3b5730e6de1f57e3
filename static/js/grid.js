// The grid of a table: derived figures move while one types, and a row is stored when it is left.
// Without this script every row has its own button, and nothing else is missing.
import { euros } from "duoplus/amounts"
import { say } from "duoplus/base"
import { GridRow } from "duoplus/grid-row"
import { lineFigures, mark, share, totalFigures } from "duoplus/variance"

const NOT_YET = "…"
const grid = document.querySelector("[data-grid]")
const rows = [...grid.querySelectorAll("form[data-row]")].map((form) => new GridRow(form.closest("tr"), form, followed))
const rowOf = (target) => rows.find((row) => row.owns(target))
const isAmount = (target) => target.matches?.(".grid__input")

// --- figures that follow ---------------------------------------------------------------------------------------------
function figuresByKey() {
  return new Map(rows.map((row) => [row.key, row.entered && lineFigures(row.entered)]))
}

/** The cells of one line or total; unreadable amounts show that nothing can be said yet. */
function show(key, figures, names) {
  const cell = (name) => document.getElementById(`regel-${key}-${name}`)
  for (const name of names) cell(name).textContent = figures ? euros(figures[name]) : NOT_YET
  cell("percentage").textContent = figures ? share(figures.percentage) : NOT_YET
  cell("result").replaceChildren(deviation(figures))
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

/** The cells of rows that are not stored or not computed yet, and of every total. */
function recalculate(...changed) {
  const figures = figuresByKey()
  for (const row of rows) if (row.isDirty || changed.includes(row)) show(row.key, figures.get(row.key), ["amended"])
  for (const total of grid.querySelectorAll("[data-counted]")) {
    const counted = total.dataset.counted.split(" ").filter(Boolean).map((pair) => pair.split(":"))
    const parts = counted.map(([key, sign]) => [figures.get(key), BigInt(sign)])
    const sums = parts.every(([part]) => part) ? totalFigures(parts) : null
    show(total.dataset.line, sums, ["original", "amendments", "amended", "actual"])
  }
}

/** A row was stored or refused. */
function followed(row) {
  recalculate(row)
  if (row.refused) return
  const now = new Date().toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" })
  document.getElementById("opgeslagen").textContent = `Opgeslagen om ${now}`
  if (row.isDirty && !row.isTypedIn(document.activeElement)) row.leave()
}

// --- moving about ----------------------------------------------------------------------------------------------------
/** The same column, `steps` rows further; null at the edge. */
function neighbour(input, steps) {
  const next = rows[rows.indexOf(rowOf(input)) + steps]
  return next ? next.form.elements[input.name] : null
}

function move(input, steps) {
  const next = neighbour(input, steps)
  next?.focus()
  next?.select()
  return Boolean(next)
}

function onKey(event) {
  if (!isAmount(event.target) || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return
  const steps = { ArrowUp: -1, ArrowDown: 1, Enter: event.shiftKey ? -1 : 1 }[event.key]
  if (event.key === "Escape") {
    rowOf(event.target).restore([event.target])
    recalculate(rowOf(event.target))
  } else if (steps) {
    event.preventDefault()
    if (!move(event.target, steps) && event.key === "Enter") rowOf(event.target).leave()
  }
}

/** A column from a spreadsheet goes down from here; a block of columns has no place that is certain. */
function onPaste(event) {
  const pasted = event.clipboardData.getData("text").replace(/\r?\n$/, "")
  if (!isAmount(event.target) || !/[\t\n]/.test(pasted)) return
  event.preventDefault()
  if (pasted.includes("\t")) return say("Plak één kolom tegelijk: van meer kolommen is niet zeker waar zij horen.", "warning")
  const values = pasted.split(/\r?\n/)
  const from = rows.indexOf(rowOf(event.target))
  if (values.length > rows.length - from) {
    return say(`U plakt ${values.length} bedragen, maar hier zijn nog ${rows.length - from} regels. Er is niets geplakt.`, "warning")
  }
  values.forEach((value, index) => {
    rows[from + index].form.elements[event.target.name].value = value.trim()
  })
  recalculate()
  for (const row of rows.slice(from + 1, from + values.length)) row.leave()
}

// --- storing ---------------------------------------------------------------------------------------------------------
/** Store what is not stored yet; whether all of it is now. */
async function settle() {
  await Promise.all(rows.filter((row) => row.saving || (row.isDirty && !row.inConflict)).map((row) => row.save()))
  const refused = rows.find((row) => row.refused)
  if (refused) say("Eén regel is niet opgeslagen. Verbeter die eerst; wat u typte staat er nog.", "warning")
  return !refused
}

const isUnsettled = () => rows.some((row) => row.saving || (row.isDirty && !row.refused))

function onClick(event) {
  const keep = event.target.closest("[data-keep-theirs]")
  if (keep) {
    event.preventDefault()
    const row = rowOf(keep)
    row.restore()
    recalculate(row)
    row.inputs[0].focus()
  }
  const link = event.target.closest("a[href]")
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey
  if (keep || !link || link.target || !isPlain || !isUnsettled()) return
  event.preventDefault()
  settle().then((done) => done && link.click())
}

function onSubmit(event) {
  const form = event.target
  const row = rows.find((candidate) => candidate.form === form)
  if (row) {
    event.preventDefault()
    row.save()
  } else if (isUnsettled()) {
    event.preventDefault()
    settle().then((done) => done && form.requestSubmit(event.submitter))
  }
}

// --- what the calculation brings ----------------------------------------------------------------------------------------
/** A mark that the calculation brings does not cover that a row is not stored. */
function onRefreshCell(event) {
  const row = rows.find((candidate) => event.detail.target.id === `regel-${candidate.key}-state`)
  if (row && (row.isDirty || row.saving)) event.detail.shouldSwap = false
}

function onRefreshed() {
  for (const row of rows) {
    const isBlank = !document.getElementById(`regel-${row.key}-state`).childElementCount
    if (isBlank && !row.isDirty && !row.saving) row.showState()
  }
  if (rows.some((row) => row.isDirty || row.saving)) recalculate()
}

/** Asking for results must not take away the page, and what is typed in it, when the session has expired. */
function stayHere(event) {
  if (event.detail.xhr.getResponseHeader("HX-Redirect")) event.preventDefault()
}

grid.classList.add("grid--live")
document.getElementById("grid-toetsen").hidden = false
grid.addEventListener("input", (event) => recalculate(rowOf(event.target)))
grid.addEventListener("keydown", onKey)
grid.addEventListener("paste", onPaste)
grid.addEventListener("focusout", (event) => {
  if (isAmount(event.target) && !rowOf(event.target).isTypedIn(event.relatedTarget)) rowOf(event.target).leave()
})
document.addEventListener("click", onClick)
document.addEventListener("submit", onSubmit)
document.addEventListener("htmx:oobBeforeSwap", onRefreshCell)
document.addEventListener("htmx:afterSettle", onRefreshed)
document.addEventListener("htmx:beforeOnLoad", stayHere)
window.addEventListener("beforeunload", (event) => {
  if (rows.some((row) => row.isDirty || row.saving)) event.preventDefault()
})
