// Tabs of one browser tell each other that something was saved. They say no more than that: who hears it asks the server.

const channel = new BroadcastChannel("duoplus-saved")

export const tell = () => channel.postMessage("saved")
export const listen = (hear) => channel.addEventListener("message", hear)
