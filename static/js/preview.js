// The preview follows the text: it looks again when a tab of this browser saved something, and when one comes back to it.

import { listen } from "./saved.js"

const look = () => document.body.dispatchEvent(new CustomEvent("duoplus:look"))

listen(look)
document.addEventListener("visibilitychange", () => { if (!document.hidden) look() })
