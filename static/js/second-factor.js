// Copying the key and printing the codes: comforts, shown only where this runs.

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = false
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copies)
    field.select()
    try {
      await navigator.clipboard.writeText(field.value)
      button.textContent = "Gekopieerd"
    } catch {
      // The key is selected: the keyboard copies it.
    }
  })
}

for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false
  button.addEventListener("click", () => window.print())
}
