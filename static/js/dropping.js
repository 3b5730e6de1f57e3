// A file that is dropped anywhere on the page goes into the file field of form[data-drop], and is sent.

const form = document.querySelector("form[data-drop]")
const field = form.querySelector("input[type=file]")
form.querySelector(".drop__hint").hidden = false

const brings = (event) => event.dataTransfer?.types.includes("Files") ?? false

document.addEventListener("dragover", (event) => {
  if (!brings(event)) return
  event.preventDefault()
  form.classList.add("drop--over")
})
document.addEventListener("dragleave", (event) => {
  // Between two elements of the page there is always a related target.
  if (event.relatedTarget === null) form.classList.remove("drop--over")
})
document.addEventListener("drop", (event) => {
  if (!brings(event)) return
  event.preventDefault()
  form.classList.remove("drop--over")
  const [file] = event.dataTransfer.files
  if (!file) return
  const one = new DataTransfer()
  one.items.add(file)
  field.files = one.files
  form.requestSubmit()
})
