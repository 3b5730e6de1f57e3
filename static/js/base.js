// What every page does beyond plain HTML. Nothing here is needed to get the work done.

import { tell } from "./saved.js"

/** The first field with an error gets the focus, also after a partial update. */
function focusFirstInvalid(root) {
  const field = root.querySelector('[aria-invalid="true"]:not([type="hidden"])')
  if (field && field !== document.activeElement) field.focus()
}

/** The guarded form that a control or an editable area belongs to. */
function guardedForm(target) {
  const form = target.form ?? target.closest?.("form")
  return form?.matches("[data-guard]") ? form : null
}

/** Leaving a form[data-guard] with changes asks first; submitting or a saved partial update clears it. */
function guardForms() {
  const dirty = new Set()
  document.addEventListener("input", (event) => {
    const form = guardedForm(event.target)
    if (form) dirty.add(form)
  })
  document.addEventListener("submit", (event) => dirty.delete(event.target))
  document.addEventListener("duoplus:saved", (event) => dirty.delete(event.target))
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) dirty.delete(guardedForm(event.detail.elt))
  })
  window.addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected)) event.preventDefault()
  })
}

const isTyping = (target) => target.isContentEditable || target.matches("input, textarea, select")

function open(id) {
  const dialog = document.getElementById(id)
  if (dialog && !dialog.open) dialog.showModal()
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false
  }
}

/** `?` shows the keys, Ctrl+S saves the form one writes in, Escape closes an open menu. */
function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && !isTyping(event.target)) {
      event.preventDefault()
      open("toetsen")
    }
    if (event.key === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      const form = guardedForm(event.target) ?? document.querySelector("form[data-guard]")
      if (form) {
        event.preventDefault()
        form.requestSubmit()
      }
    }
    if (event.key === "Escape") {
      const menu = event.target.closest("details.menu[open]") ?? document.querySelector("details.menu[open]")
      closeMenus(null)
      menu?.querySelector("summary").focus()
    }
  })
}

/**
 * Buttons with data-opens show a dialog, with data-closes close it, with data-dismisses take their line away; a click
 * beside a menu closes the menu.
 */
function listenToClicks() {
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"))
    const opener = event.target.closest("[data-opens]")
    if (opener) {
      closeMenus(null)
      open(opener.dataset.opens)
    }
    event.target.closest("[data-closes]")?.closest("dialog")?.close()
    event.target.closest("[data-dismisses]")?.closest("p").remove()
    const dialog = event.target
    if (dialog.matches("dialog[closedby=any]") && !("closedBy" in dialog)) dialog.close()
  })
}

/** A line in the region for messages, read aloud by screen readers. */
export function say(text, kind = "info") {
  const message = document.createElement("div")
  message.className = `message message--${kind}`
  const body = document.createElement("p")
  body.className = "message__body"
  body.textContent = text
  message.append(body)
  document.getElementById("meldingen")?.replaceChildren(message)
}

/** When a partial update fails, say in plain words what happened; what was typed still stands. */
function explainFailures() {
  document.addEventListener("htmx:sendError", () => {
    say("Er is geen verbinding met de server. Wat u typte staat er nog; probeer het straks opnieuw.", "error")
  })
  document.addEventListener("htmx:responseError", (event) => {
    const texts = {
      403: "Dit mag u niet met uw rol. Er is niets gewijzigd.",
      404: "Dit bestaat niet meer. Laad de pagina opnieuw.",
    }
    const otherwise = "Er ging iets mis op de server. Wat u typte staat er nog; probeer het opnieuw."
    say(texts[event.detail.xhr.status] ?? otherwise, "error")
  })
  document.addEventListener("htmx:afterSettle", (event) => focusFirstInvalid(event.detail.elt))
}

/** What was saved here may show in another tab: by a partial update, or (this page is the answer) by a whole form. */
function tellTabs() {
  document.addEventListener("duoplus:saved", tell)
  if (document.querySelector("form[data-autosave]")) tell()
}

/** Messages stand at the field, in the portal's own words: the browser's bubbles, in its own language, stay away. */
function answerOurselves() {
  const { setAttribute } = Element.prototype
  // Not asked of the form itself: in a long grid it would first look through the page for a field of that name.
  for (const form of document.querySelectorAll("form[method=post]")) setAttribute.call(form, "novalidate", "")
}

focusFirstInvalid(document)
answerOurselves()
guardForms()
listenToKeys()
listenToClicks()
explainFailures()
tellTabs()
