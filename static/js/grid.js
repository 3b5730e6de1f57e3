// The grid of a table: derived figures move while one types, and a row is stored when it is left.
// Without this script every row has its own button, and nothing else is missing.
import { say } from "duoplus/base"
import { Cells } from "duoplus/grid-cells"
import { asText, block, dutchColumn } from "duoplus/grid-clipboard"
import { History } from "duoplus/grid-history"
import { openMenus } from "duoplus/grid-menu"
import { GridRow } from "duoplus/grid-row"
import { Selection } from "duoplus/grid-selection"

const grid = document.querySelector("[data-grid]")
// Asking a form for anything makes the browser look through the whole page for what belongs to it: not once for each row.
const rows = [...grid.querySelectorAll("tr[data-line]")]
  .map((row) => [row, row.querySelector("form[data-row]")])
  .filter(([, form]) => form)
  .map(([row, form]) => new GridRow(row, form, followed))
const cells = new Cells(JSON.parse(grid.dataset.grid))
const known = new Map()
const totals = [...grid.querySelectorAll("[data-counted]")].map((element) => ({
  key: element.dataset.line,
  counted: element.dataset.counted.split(" ").filter(Boolean).map((pair) => pair.split(":")).map(([key, sign]) => [key, BigInt(sign)]),
}))
const history = new History()
const selection = new Selection(rows)
/** What stood in the input that has the focus when it got it. */
let before = null
const byKey = new Map(rows.map((row) => [row.key, row]))
const rowOf = (target) => byKey.get(target.closest("tr[data-line]")?.dataset.line) ?? rows.find((row) => row.owns(target))
const isAmount = (target) => target.matches?.(".grid__input")

// --- figures that follow ---------------------------------------------------------------------------------------------
/** The cells of rows that changed, and of every total; the first time all rows are read. */
function recalculate(...changed) {
  for (const row of known.size ? changed : rows) known.set(row.key, cells.ofLine(row.entered))
  for (const row of changed) cells.show(row.key, known.get(row.key))
  for (const total of totals) {
    cells.show(total.key, cells.ofTotal(total.counted.map(([key, sign]) => [known.get(key), sign])))
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
/** The input `down` rows and `across` columns further; null at the edge. */
function neighbour(input, down, across) {
  const { row, column } = selection.place(input)
  return selection.at({ row: row + down, column: column + across })
}

function move(input, down, across) {
  const next = neighbour(input, down, across)
  next?.focus()
  next?.select()
  return Boolean(next)
}

/** Arrows left and right leave a cell only from the edge of its text, or when all of it is selected. */
function atEdge(input, across) {
  const { selectionStart: start, selectionEnd: end, value } = input
  return (start === 0 && end === value.length) || (start === end && start === (across < 0 ? 0 : value.length))
}

function stretch(input, down, across) {
  const next = neighbour(input, down, across)
  if (!next) return
  const anchor = selection.anchor ?? input
  next.focus()
  selection.stretch(anchor, next)
  const [height, width] = [selection.shown.length, selection.shown[0].length]
  say(`${height} bij ${width} cellen gekozen`)
}

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

function onKey(event) {
  if (!isAmount(event.target) || event.altKey || event.isComposing) return
  if (event.ctrlKey || event.metaKey) return onCommand(event)
  const [down, across] = ARROWS[event.key] ?? (event.key === "Enter" ? [event.shiftKey ? -1 : 1, 0] : [0, 0])
  if (event.key === "Escape") giveBack(event.target)
  else if (event.key === "Delete" && selection.shown.length) change(event, [[""]])
  else if (down || (across && (event.shiftKey ? selection.shown.length : atEdge(event.target, across)))) {
    event.preventDefault()
    if (event.shiftKey && event.key !== "Enter") return stretch(event.target, down, across)
    selection.clear()
    if (!move(event.target, down, across) && event.key === "Enter") rowOf(event.target).leave()
  } else if (event.key !== "Shift") selection.clear()
}

function giveBack(input) {
  selection.clear()
  rowOf(input).restore([input])
  before = input.value
  recalculate(rowOf(input))
}

function onCommand(event) {
  const key = event.key.toLowerCase()
  if (key === "z" || key === "y") turnBack(event, key === "y" || event.shiftKey)
  else if (key === "d") fillDown(event)
}

/** Undo what is being typed, else the last step that was stored. */
function turnBack(event, forward) {
  event.preventDefault()
  if (!forward && event.target.value !== before) {
    event.target.value = before
    return recalculate(rowOf(event.target))
  }
  stored(forward ? history.redo() : history.undo())
}

// --- blocks of cells ---------------------------------------------------------------------------------------------------
/** Inputs got other values: let figures follow, and store the rows; the one being typed in when it is left. */
function stored(inputs) {
  before = document.activeElement?.value ?? null
  const touched = new Set(inputs.map(rowOf))
  recalculate(...touched)
  for (const row of touched) if (!row.isTypedIn(document.activeElement)) row.leave()
}

/** Give inputs their values, as one step that can be undone. */
function put(pairs) {
  history.add(pairs.map(([input, after]) => ({ input, before: input === document.activeElement ? before : input.value, after })))
  for (const [input, value] of pairs) input.value = value
  stored(pairs.map(([input]) => input))
}

/** Fill the chosen block with rows of values, over and over where it is larger. */
function change(event, values) {
  event.preventDefault()
  put(selection.block(event.target).flatMap((inputs, row) => inputs.map((input, column) => [input, values[row % values.length][column % values[0].length]])))
}

/** The first row of the block goes down it; without a block, the cell above comes down. */
function fillDown(event) {
  const above = neighbour(event.target, -1, 0)
  if (selection.shown.length > 1) change(event, [selection.shown[0].map((input) => input.value)])
  else if (above) change(event, [[above.value]])
  event.preventDefault()
}

function onCopy(event) {
  if (!selection.shown.length) return
  event.preventDefault()
  event.clipboardData.setData("text", asText(selection.shown.map((inputs) => inputs.map((input) => input.value))))
}

/** A block from a spreadsheet goes right and down from here, over the cells that people type in. */
function onPaste(event) {
  if (!isAmount(event.target)) return
  const pasted = block(event.clipboardData.getData("text"))
  const width = Math.max(...pasted.map((row) => row.length))
  if (pasted.length === 1 && width === 1) return
  event.preventDefault()
  const room = selection.from(event.target, pasted.length, width)
  if (!room) return say(`U plakt ${pasted.length} bij ${width} cellen; zoveel passen er hier niet. Er is niets geplakt.`, "warning")
  try {
    const columns = room[0].map((input, at) => {
      const column = pasted.map((row) => row[at] ?? "")
      return input.matches(".grid__input--text") ? column : dutchColumn(column)
    })
    put(room.flatMap((inputs, row) => inputs.map((input, at) => [input, columns[at][row]])))
  } catch (error) {
    say(error.message, "warning")
  }
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
  // The answer may be of before the last save.
  recalculate(...rows)
}

/** Asking for results must not take away the page, and what is typed in it, when the session has expired. */
function stayHere(event) {
  if (event.detail.xhr.getResponseHeader("HX-Redirect")) event.preventDefault()
}

grid.classList.add("grid--live")
openMenus(grid)
document.getElementById("grid-toetsen").hidden = false
grid.addEventListener("input", (event) => recalculate(rowOf(event.target)))
grid.addEventListener("keydown", onKey)
grid.addEventListener("paste", onPaste)
grid.addEventListener("copy", onCopy)
grid.addEventListener("mousedown", (event) => {
  const from = document.activeElement
  if (!isAmount(event.target) || !event.shiftKey || !isAmount(from)) return selection.clear()
  event.preventDefault()
  selection.stretch(from, event.target)
})
grid.addEventListener("focusin", (event) => {
  if (isAmount(event.target)) before = event.target.value
})
grid.addEventListener("focusout", (event) => {
  if (isAmount(event.target)) history.add([{ input: event.target, before, after: event.target.value }])
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
