// Rows of a section (goals, achievements): add, move up and down. Without this script the numbers under "Volgorde" do it.

const TOOLS = { up: "Omhoog", down: "Omlaag" }

const rowsIn = (box) => [...box.querySelectorAll(":scope > [data-row]")]
const orderOf = (row) => row.querySelector('input[name$="-ORDER"]')

/** Places and numbers follow from where the rows stand. */
function renumber(box) {
  const rows = rowsIn(box)
  rows.forEach((row, index) => {
    orderOf(row).value = index + 1
    row.querySelector("[data-row-number]").textContent = index + 1
    row.querySelector('[data-move="up"]').disabled = index === 0
    row.querySelector('[data-move="down"]').disabled = index === rows.length - 1
  })
}

function changed(row) {
  orderOf(row).dispatchEvent(new Event("input", { bubbles: true }))
}

function move(box, row, step, button) {
  const rows = rowsIn(box)
  const other = rows[rows.indexOf(row) + step]
  if (!other) return
  if (step < 0) other.before(row)
  else other.after(row)
  renumber(box)
  changed(row)
  const next = button.disabled ? row.querySelector("[data-move]:not(:disabled)") : button
  next?.focus()
}

/** Buttons in the place of the number that says the order. */
function equip(box, row) {
  const name = row.querySelector("legend").firstChild.textContent.trim().toLowerCase()
  const tools = document.createElement("div")
  tools.className = "row__tools"
  for (const [direction, label] of Object.entries(TOOLS)) {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "button button--small button--quiet"
    button.dataset.move = direction
    button.textContent = label
    button.setAttribute("aria-label", `Dit ${name === "doel" ? "doel" : "onderwerp"} ${label.toLowerCase()}`)
    button.addEventListener("click", () => move(box, row, direction === "up" ? -1 : 1, button))
    tools.append(button)
  }
  orderOf(row).closest(".field").hidden = true
  row.querySelector(".row__order").prepend(tools)
}

const isBlank = (row) =>
  [...row.querySelectorAll("input, select, textarea")].every(
    (control) => /-(ORDER|DELETE)$/.test(control.name) || control.value === "",
  ) && !row.querySelector(".field--invalid")

function add(box, total) {
  const index = Number(total.value)
  const holder = document.createElement("template")
  holder.innerHTML = box.querySelector("template").innerHTML.replaceAll("__prefix__", index)
  const row = holder.content.querySelector("[data-row]")
  total.value = index + 1
  box.querySelector("[data-add]").before(row)
  equip(box, row)
  renumber(box)
  row.dispatchEvent(new CustomEvent("duoplus:row", { bubbles: true }))
  row.querySelector(".row__body :is(textarea, select, input)").focus()
}

for (const box of document.querySelectorAll("[data-rows]")) {
  const total = box.querySelector('input[name$="-TOTAL_FORMS"]')
  const rows = rowsIn(box)
  if (rows.length > 1 && isBlank(rows.at(-1))) {
    rows.pop().remove()
    total.value = rows.length
  }
  const button = document.createElement("button")
  button.type = "button"
  button.className = "button"
  button.dataset.add = ""
  button.textContent = box.dataset.rows === "goals" ? "Doel toevoegen" : "Prestatie toevoegen"
  button.addEventListener("click", () => add(box, total))
  box.append(button)
  for (const row of rows) equip(box, row)
  renumber(box)
}
