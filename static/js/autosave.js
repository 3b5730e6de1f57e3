// Saves the form by itself: when it was left alone for a while, and when one goes elsewhere. It asks the server with the
// version that was seen, so it never overwrites what somebody else saved; in doubt it leaves the choice to its user.

const IDLE = 5000
const LEAVING = 400
const RETRY = 15000

function keep(form) {
  const state = form.querySelector(".save-state")
  const version = form.elements.version
  let changes = 0
  let savedChanges = 0
  let timer = null
  let saving = null
  let stopped = form.hasAttribute("data-unsaved")

  const tell = (text, kind = "saved") => {
    state.textContent = text
    form.dataset.saveState = kind
  }
  const later = (delay) => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(save, delay)
  }

  function save() {
    if (saving || stopped || changes === savedChanges) return saving
    const upTo = changes
    saving = send(form)
      .then((answer) => hear(answer, upTo))
      .catch(() => {
        tell("Geen verbinding. Uw tekst staat er nog; het opslaan wordt herhaald.", "error")
        later(RETRY)
      })
      .finally(() => { saving = null })
    return saving
  }

  function hear(answer, upTo) {
    if (answer.expired) return expired()
    if (answer.status === 200) {
      savedChanges = upTo
      version.value = answer.data.version
      tell(capital(answer.data.told))
      if (changes === savedChanges) form.dispatchEvent(new CustomEvent("duoplus:saved", { bubbles: true }))
      else later(IDLE)
    } else if (answer.status === 409) {
      stopped = true
      const why = answer.data.refusal ?? `${capital(answer.data.saved_by)} heeft dit onderdeel intussen opgeslagen. Druk op Opslaan om beide teksten te zien.`
      tell(`Niet opgeslagen. ${why}`, "error")
    } else if (answer.status === 422) tell(`Nog niet opgeslagen. ${answer.data.errors[0]}`, "error")
    else {
      tell("Het opslaan lukt nu niet. Uw tekst staat er nog; het opslaan wordt herhaald.", "error")
      later(RETRY)
    }
  }

  /** Nothing is lost: one logs in beside this page, and saving goes on when one comes back. */
  function expired() {
    tell("Uw sessie is verlopen. Uw tekst staat er nog, maar is niet opgeslagen. ", "error")
    const link = document.createElement("a")
    link.href = location.href
    link.target = "_blank"
    link.textContent = "Log in een nieuw tabblad in"
    state.append(link, " en kom hier terug.")
  }

  form.addEventListener("input", () => {
    changes += 1
    if (!form.dataset.saveState?.includes("error")) form.dataset.saveState = "changed"
    later(IDLE)
  })
  form.addEventListener("focusout", () => later(LEAVING))
  window.addEventListener("focus", () => later(LEAVING))
  document.addEventListener("visibilitychange", () => { if (document.hidden) save() })
  form.addEventListener("submit", (event) => {
    clearTimeout(timer)
    form.elements.csrfmiddlewaretoken.value = token() ?? form.elements.csrfmiddlewaretoken.value
    if (!saving) {
      stopped = true
      return
    }
    event.preventDefault()
    saving.finally(() => form.requestSubmit(event.submitter))
  })
  if (stopped) setTimeout(() => form.dispatchEvent(new Event("input", { bubbles: true })))
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1)

/** The token as the browser has it now: it changes when one logs in again in another tab. */
const token = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1]

async function send(form) {
  const answer = await fetch(form.dataset.autosave, {
    method: "POST",
    body: new FormData(form),
    headers: { "X-CSRFToken": token() ?? form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
    redirect: "manual",
  })
  if (answer.type === "opaqueredirect") return { expired: true }
  const isJson = answer.headers.get("Content-Type")?.includes("json")
  return { status: answer.status, data: isJson ? await answer.json() : {} }
}

for (const form of document.querySelectorAll("form[data-autosave]")) keep(form)
