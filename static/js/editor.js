// Turns every textarea[data-rich-text] into an editor; the textarea keeps the HTML and is what the form sends.
import { Editor } from "django-prose-editor/editor"
import { askLink } from "duoplus/editor-dialogs"
import { tidyPasted } from "duoplus/editor-paste"
import { extensions, stored } from "duoplus/editor-schema"
import { toolbar } from "duoplus/editor-toolbar"

const FIELD = "textarea[data-rich-text]"
const HELP = "U kunt opmaken. Alt en F10 gaat naar de knoppen, Escape gaat terug naar de tekst."

/** What a screen reader is told: the name, the explanation and the errors of the field that the editor stands for. */
function describe(textarea, label) {
  const attributes = { role: "textbox", "aria-multiline": "true", "aria-label": label, "aria-description": HELP, lang: "nl" }
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name)
    textarea.removeAttribute(name)
  }
  return attributes
}

const nameOf = (textarea) => {
  const label = document.querySelector(`label[for="${textarea.id}"]`)
  return textarea.getAttribute("aria-label") ?? label?.firstChild?.textContent.trim() ?? textarea.name
}

export function createEditor(textarea) {
  const box = textarea.closest(".editor")
  const label = nameOf(textarea)
  const schemes = box.dataset.schemes.split(" ")
  const languages = box.dataset.languages.split(" ").map((pair) => pair.split(":"))
  const page = document.createElement("div")
  page.className = "prose-editor"
  box.prepend(page)
  const editor = new Editor({
    element: page,
    extensions: extensions({ schemes, askLink: (asking) => Boolean(askLink(asking, schemes)) }),
    content: textarea.value,
    editable: !textarea.disabled && !textarea.readOnly,
    // The style element that the editor would add has no nonce; css/components/rich-text.css holds its rules.
    injectCSS: false,
    editorProps: { attributes: describe(textarea, label), transformPastedHTML: tidyPasted },
    onUpdate({ transaction }) {
      // A table that is put right when one only looks at it is no change by its writer.
      if (!transaction.docChanged) return
      textarea.value = stored(editor)
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
    onBlur: () => textarea.dispatchEvent(new Event("change", { bubbles: true })),
  })
  textarea.hidden = true
  if (editor.isEditable) {
    page.prepend(toolbar(editor, { label, small: textarea.dataset.richText === "small", icons: box.dataset.icons, schemes, languages }))
  }
  document.querySelector(`label[for="${textarea.id}"]`)?.addEventListener("click", () => editor.commands.focus())
  textarea.dispatchEvent(new CustomEvent("duoplus:editor", { bubbles: true, detail: { editor } }))
  return editor
}

/** Editors for the fields below `root`; a blank row that waits to be copied has __prefix__ in its ids. */
export function createEditors(root) {
  for (const textarea of root.querySelectorAll(FIELD)) {
    if (!textarea.hidden && !textarea.id.includes("__prefix__")) createEditor(textarea)
  }
}

createEditors(document)
document.addEventListener("htmx:afterSettle", (event) => createEditors(event.detail.elt.parentElement ?? document))
document.addEventListener("duoplus:row", (event) => createEditors(event.target))
