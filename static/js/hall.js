// The conference hall: pages by keys, and figures that follow the approvals. What is asked for is the visitors' page with
// its ETag: while nothing changed the answer is 304 and a few bytes, also for a remote site on a poor link.
(() => {
  "use strict";
  const EVERY_MS = 1000;
  const SLOWEST_MS = 15000;
  const SIZES = [0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5];
  const hall = document.querySelector("[data-hall]");
  const slides = hall.querySelector("[data-slides]");
  let place = Math.max(0, all().findIndex((slide) => `#${slide.id}` === location.hash));
  let size = SIZES.indexOf(1);
  let etag = "";
  let wait = EVERY_MS;

  function all() {
    return [...slides.querySelectorAll(".slide")];
  }

  function show() {
    const pages = all();
    place = Math.min(Math.max(place, 0), pages.length - 1);
    pages.forEach((page, number) => page.classList.toggle("on", number === place));
    hall.querySelector("[data-place]").textContent = `trang ${place + 1}/${pages.length}`;
    history.replaceState(null, "", `#${pages[place].id}`);
  }

  function go(by) {
    place += by;
    show();
  }

  function black() {
    const shown = hall.querySelector(".black");
    if (shown) shown.remove();
    else {
      const cover = document.createElement("button");
      cover.className = "black";
      cover.setAttribute("aria-label", "Màn đen, bấm để chiếu tiếp");
      cover.addEventListener("click", black);
      hall.append(cover);
      cover.focus();
    }
  }

  function resize(by) {
    size = Math.min(Math.max(size + by, 0), SIZES.length - 1);
    hall.style.setProperty("--k", SIZES[size]);
  }

  const KEYS = {
    ArrowRight: () => go(1), PageDown: () => go(1), " ": () => go(1), ArrowLeft: () => go(-1), PageUp: () => go(-1),
    Home: () => go(-Infinity), End: () => go(Infinity), b: black, B: black,
    "+": () => resize(1), "=": () => resize(1), "-": () => resize(-1), "−": () => resize(-1),
    f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    if (event.key === " " && event.target.closest("button, a")) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  for (const button of hall.querySelectorAll("[data-go]")) {
    button.hidden = false;
    button.addEventListener("click", () => go(Number(button.dataset.go)));
  }

  const clock = () => new Date().toLocaleTimeString("vi-VN", { hour12: false });

  function say(words, cut) {
    const live = hall.querySelector(".live");
    live.classList.toggle("cut", cut);
    const place = live.querySelector("[data-live-words]");
    if (place.textContent !== words) place.textContent = words;
  }

  // New figures in their places: the page that is shown stays, and what changed on it is underlined for two seconds.
  function swap(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-slides]");
    if (!fresh) return;
    const before = new Map(figures().map((node, number) => [number, node.textContent]));
    slides.replaceChildren(...fresh.childNodes);
    show();
    figures().forEach((node, number) => {
      if (before.get(number) === node.textContent) return;
      node.classList.add("changed");
      setTimeout(() => node.classList.remove("changed"), 2000);
    });
  }

  function figures() {
    return [...slides.querySelectorAll(".v, .huge, .n, td.num")];
  }

  async function ask() {
    try {
      const answer = await fetch(location.pathname + location.search, { credentials: "omit", cache: "no-cache" });
      if (!answer.ok) throw new Error(answer.status);
      const found = answer.headers.get("ETag");
      if (etag && found !== etag) swap(await answer.text());
      etag = found;
      wait = EVERY_MS;
      say("Trực tiếp", false);
      hall.dataset.live = clock();
    } catch {
      wait = Math.min(wait * 2, SLOWEST_MS);
      say(`Mất kết nối, số liệu lúc ${hall.dataset.live || "mở trang"}`, true);
    }
    setTimeout(ask, wait);
  }

  hall.classList.add("paged");
  hall.querySelector("[data-keys]").hidden = false;
  show();
  ask();
})();
