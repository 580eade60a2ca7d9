// Whether a server sends this page, or its data are inside it.

export const isLive = !document.getElementById("data");
