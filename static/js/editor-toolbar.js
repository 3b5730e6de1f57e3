// The tools above an editor: one stop for Tab, arrows between them, Alt+F10 from the text and Escape back to it.
import { askFootnote, askLanguage, askLink, askTable, element } from "duoplus/editor-dialogs"

const chain = (editor) => editor.chain().focus()
const inTable = (editor) => editor.isActive("table")

const heading = (level, label, text) => ({
  label, text,
  run: (editor) => chain(editor).toggleHeading({ level }).run(),
  active: (editor) => editor.isActive("heading", { level }),
})
const mark = (name, label, look, keys) => ({
  label, ...look, keys,
  run: (editor) => chain(editor).toggleMark(name).run(),
  active: (editor) => editor.isActive(name),
})
const list = (name, label, icon, toggle) => ({
  label, icon,
  run: (editor) => chain(editor)[toggle]().run(),
  active: (editor) => editor.isActive(name),
})
const inside = (label, text, command) => ({
  label, text, shown: inTable,
  run: (editor) => chain(editor)[command]().run(),
})

/** Groups of tools; a small editor leaves out those marked `full`. */
function groups(schemes, languages) {
  return [
    { full: true, tools: [heading(3, "Kop", "Kop"), heading(4, "Tussenkop", "Tussenkop")] },
    { tools: [
      mark("bold", "Vet", { icon: "bold" }, "Ctrl+B"),
      mark("italic", "Cursief", { icon: "italic" }, "Ctrl+I"),
      mark("superscript", "Superscript", { text: "x²" }, "Ctrl+."),
    ] },
    { tools: [
      list("bulletList", "Lijst", "list", "toggleBulletList"),
      list("orderedList", "Genummerde lijst", "list-ordered", "toggleOrderedList"),
    ] },
    { tools: [
      { label: "Link", icon: "link", keys: "Ctrl+K", run: (editor) => askLink(editor, schemes), active: (editor) => editor.isActive("link") },
      { label: "Voetnoot", icon: "footnote", run: askFootnote, active: (editor) => editor.isActive("footnote") },
      {
        label: "Taal", text: "taal",
        run: (editor) => askLanguage(editor, languages),
        active: (editor) => editor.isActive("language"),
        enabled: (editor) => !editor.state.selection.empty || editor.isActive("language"),
      },
      { label: "Tabel", icon: "table", full: true, run: askTable, enabled: (editor) => !inTable(editor) },
    ] },
    { tools: [
      { label: "Ongedaan maken", icon: "undo", keys: "Ctrl+Z", run: (editor) => chain(editor).undo().run(), enabled: (editor) => editor.can().undo() },
      { label: "Opnieuw", icon: "redo", keys: "Ctrl+Shift+Z", run: (editor) => chain(editor).redo().run(), enabled: (editor) => editor.can().redo() },
    ] },
    { tools: [
      inside("Rij eronder invoegen", "+ rij", "addRowAfter"),
      inside("Rij verwijderen", "− rij", "deleteRow"),
      inside("Kolom erachter invoegen", "+ kolom", "addColumnAfter"),
      inside("Kolom verwijderen", "− kolom", "deleteColumn"),
      { ...inside("Kopcel", "kopcel", "toggleHeaderCell"), active: (editor) => editor.isActive("tableHeader") },
      inside("Tabel verwijderen", "tabel weg", "deleteTable"),
    ] },
  ]
}

function icon(address, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  svg.setAttribute("class", "icon")
  svg.setAttribute("aria-hidden", "true")
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use")
  use.setAttribute("href", `${address}#${name}`)
  svg.append(use)
  return svg
}

function buttonFor(tool, editor, icons) {
  const title = tool.keys ? `${tool.label} (${tool.keys})` : tool.label
  const button = element("button", { type: "button", class: "toolbar__button", "aria-label": tool.label, title, tabindex: "-1" })
  button.append(tool.icon ? icon(icons, tool.icon) : tool.text)
  // The text keeps the focus and its selection under the mouse; from the keyboard it gets them back before the tool runs.
  button.addEventListener("mousedown", (event) => event.preventDefault())
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") === "true") return
    editor.view.focus()
    tool.run(editor)
  })
  const update = () => {
    if (tool.active) button.setAttribute("aria-pressed", String(tool.active(editor)))
    if (tool.enabled) button.setAttribute("aria-disabled", String(!tool.enabled(editor)))
    if (tool.shown) button.hidden = !tool.shown(editor)
  }
  return { button, update }
}

/** The toolbar for `editor`; `label` is what the field is called. */
export function toolbar(editor, { label, small, icons, schemes, languages }) {
  const made = []
  const bar = element("div", { class: "toolbar editor__bar", role: "toolbar", "aria-label": `Opmaak van ${label}` })
  for (const group of groups(schemes, languages)) {
    const tools = group.tools.filter((tool) => !small || !(group.full || tool.full))
    if (tools.length === 0) continue
    const buttons = tools.map((tool) => buttonFor(tool, editor, icons))
    made.push(...buttons)
    bar.append(element("div", { class: "toolbar__group" }, buttons.map(({ button }) => button)))
  }
  const refresh = () => {
    for (const { update } of made) update()
    for (const group of bar.children) group.hidden = [...group.children].every((button) => button.hidden)
    keepOneStop(bar)
  }
  editor.on("transaction", refresh)
  refresh()
  listenToKeys(bar, editor)
  return bar
}

const stops = (bar) => [...bar.querySelectorAll("button")].filter((button) => !button.hidden)

/** Exactly one visible tool can be reached with Tab. */
function keepOneStop(bar, chosen = bar.querySelector('[tabindex="0"]:not([hidden])') ?? stops(bar)[0]) {
  for (const button of bar.querySelectorAll("button")) button.tabIndex = button === chosen ? 0 : -1
}

function listenToKeys(bar, editor) {
  bar.addEventListener("keydown", (event) => {
    const all = stops(bar)
    const at = all.indexOf(document.activeElement)
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (next !== undefined) {
      event.preventDefault()
      const chosen = all.at(next % all.length)
      keepOneStop(bar, chosen)
      chosen.focus()
    }
    if (event.key === "Escape") {
      event.stopPropagation()
      editor.commands.focus()
    }
  })
  editor.view.dom.addEventListener("keydown", (event) => {
    if (event.key === "F10" && event.altKey) {
      event.preventDefault()
      bar.querySelector('[tabindex="0"]')?.focus()
    }
  })
}
