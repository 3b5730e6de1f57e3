// Small dialogs of the editor: an address, a footnote, the size of a new table.
import { isAllowedAddress } from "duoplus/editor-schema"
import { getMarkRange } from "django-prose-editor/editor"

let dialogs = 0

/** An element with attributes and children; `text` is its text. */
export function element(name, { text, ...attributes } = {}, children = []) {
  const made = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  if (text !== undefined) made.textContent = text
  made.append(...children)
  return made
}

function fieldOf(id, { name, label, help, choices, ...attributes }) {
  const kind = choices ? "select" : attributes.rows ? "textarea" : "input"
  const options = (choices ?? []).map(([value, text]) => element("option", { value, text }))
  const control = element(kind, { id: `${id}-${name}`, name, ...attributes }, options)
  const labelled = element("label", { for: control.id, text: label })
  if (attributes.type === "checkbox") return element("div", { class: "field field--choice" }, [control, labelled])
  const parts = [labelled]
  if (help) {
    control.setAttribute("aria-describedby", `${control.id}_help`)
    parts.push(element("div", { class: "field__help", id: `${control.id}_help`, text: help }))
  }
  return element("div", { class: "field" }, [...parts, control])
}

/**
 * Ask for values in a dialog. `check(values)` returns {name: message} for what is wrong. Resolves to the values, to
 * {removed: true}, or to null when cancelled. Focus returns to where it was.
 */
function ask({ title, fields, accept, remove, check = () => ({}) }) {
  const id = `vraag-${++dialogs}`
  const buttons = [element("button", { class: "button button--primary", text: accept })]
  if (remove) buttons.push(element("button", { class: "button", type: "button", "data-remove": "", text: remove }))
  buttons.push(element("button", { class: "button button--quiet", type: "button", "data-cancel": "", text: "Annuleren" }))
  const form = element("form", { method: "dialog", novalidate: "" }, [
    ...fields.map((field) => fieldOf(id, field)),
    element("div", { class: "form__actions" }, buttons),
  ])
  const dialog = element("dialog", { class: "dialog", "aria-labelledby": id }, [
    element("div", { class: "dialog__head" }, [element("h2", { id, text: title })]),
    form,
  ])
  for (const { name, value, checked } of fields) {
    if (value !== undefined) form.elements[name].value = value
    if (checked) form.elements[name].checked = true
  }
  return new Promise((resolve) => {
    // At once, not when the browser gets round to the close event: the next key belongs to the text again.
    const finish = (answer) => {
      dialog.close()
      dialog.remove()
      resolve(answer)
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      const values = Object.fromEntries(fields.map(({ name }) => [name, valueOf(form.elements[name])]))
      const wrong = check(values)
      showErrors(form, wrong)
      if (Object.keys(wrong).length === 0) finish(values)
    })
    form.querySelector("[data-cancel]").addEventListener("click", () => finish(null))
    form.querySelector("[data-remove]")?.addEventListener("click", () => finish({ removed: true }))
    dialog.addEventListener("cancel", () => finish(null))
    document.body.append(dialog)
    dialog.showModal()
  })
}

const valueOf = (control) => (control.type === "checkbox" ? control.checked : control.value.trim())

function showErrors(form, wrong) {
  for (const line of form.querySelectorAll(".field__error")) line.remove()
  for (const control of form.elements) {
    if (!control.name) continue
    const message = wrong[control.name]
    control.toggleAttribute("aria-invalid", false)
    if (!message) continue
    control.setAttribute("aria-invalid", "true")
    control.setAttribute("aria-describedby", `${control.id}_error`)
    control.before(element("div", { class: "field__error", id: `${control.id}_error`, text: message }))
    control.focus()
  }
}

/** The link at the cursor, or a new one on the selection; without a selection the address itself is the text. */
export async function askLink(editor, schemes) {
  const known = editor.getAttributes("link").href ?? ""
  const answer = await ask({
    title: "Link",
    fields: [{ name: "href", label: "Adres", help: "Een webadres (https://…) of een e-mailadres.", type: "text", inputmode: "url", autocomplete: "off", value: known }],
    accept: known ? "Wijzigen" : "Invoegen",
    remove: known ? "Link weghalen" : "",
    check: ({ href }) => (isAllowedAddress(completed(href), schemes) ? {} : { href: "Dit is geen webadres of e-mailadres." }),
  })
  const chain = editor.chain().focus()
  if (answer?.removed) chain.extendMarkRange("link").unsetLink().run()
  else if (answer && !known && editor.state.selection.empty) {
    chain.insertContent({ type: "text", text: answer.href, marks: [{ type: "link", attrs: { href: completed(answer.href) } }] }).run()
  } else if (answer) chain.extendMarkRange("link").setLink({ href: completed(answer.href) }).run()
  else chain.run()
}

/** "www.duoplus.nl" gets https, "p.jansen@duoplus.nl" gets mailto. */
function completed(address) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(address)) return address
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(address)) return `mailto:${address}`
  return /^[^\s/]+\.[^\s]{2,}$/.test(address) ? `https://${address}` : address
}

/** The footnote at the cursor, or a new one behind the selection. */
export async function askFootnote(editor) {
  const type = editor.schema.marks.footnote
  const { $from, to } = editor.state.selection
  const range = getMarkRange($from, type)
  const known = range ? editor.state.doc.textBetween(range.from, range.to) : ""
  const answer = await ask({
    title: "Voetnoot",
    fields: [{ name: "text", label: "Tekst van de noot", help: "Komt onder aan de bladzijde, met een nummer in de tekst.", rows: 3, value: known }],
    accept: known ? "Wijzigen" : "Invoegen",
    remove: known ? "Noot weghalen" : "",
    check: ({ text }) => (text ? {} : { text: "Schrijf de tekst van de noot." }),
  })
  const chain = editor.chain().focus()
  if (answer?.removed) chain.deleteRange(range).run()
  else if (answer && answer.text !== known) {
    const note = { type: "text", text: answer.text.replace(/\s+/g, " "), marks: [{ type: "footnote" }] }
    chain.insertContentAt(range ?? to, note, { updateSelection: true }).run()
  } else chain.run()
}

/** The language of the marked words at the cursor, or of the selection. */
export async function askLanguage(editor, languages) {
  const known = editor.getAttributes("language").lang ?? ""
  const answer = await ask({
    title: "Taal",
    fields: [{ name: "lang", label: "Taal van deze woorden", help: "Wie laat voorlezen, hoort ze dan goed uitgesproken.", choices: languages, value: known || languages[0][0] }],
    accept: known ? "Wijzigen" : "Instellen",
    remove: known ? "Taal weghalen" : "",
  })
  const chain = editor.chain().focus()
  if (known && answer) chain.extendMarkRange("language")
  if (answer?.removed) chain.unsetMark("language").run()
  else if (answer) chain.setMark("language", { lang: answer.lang }).run()
  else chain.run()
}

export async function askTable(editor) {
  const number = (name, label, value) => ({ name, label, value, type: "number", min: "1", max: "50", inputmode: "numeric" })
  const within = (value) => Number.isInteger(Number(value)) && Number(value) >= 1 && Number(value) <= 50
  const message = "Geef een getal van 1 tot en met 50."
  const answer = await ask({
    title: "Tabel invoegen",
    fields: [number("rows", "Rijen", "3"), number("cols", "Kolommen", "3"), { name: "head", label: "Eerste rij is de kop", type: "checkbox", checked: true }],
    accept: "Invoegen",
    check: (values) => Object.fromEntries(["rows", "cols"].filter((name) => !within(values[name])).map((name) => [name, message])),
  })
  const chain = editor.chain().focus()
  if (answer) chain.insertTable({ rows: Number(answer.rows), cols: Number(answer.cols), withHeaderRow: answer.head }).run()
  else chain.run()
}
