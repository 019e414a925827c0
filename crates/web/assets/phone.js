// Waits for the signature from the phone, and shows what came of it.
const EVERY = 2000;
const page = document.querySelector(".by-phone");
let timer;

async function look() {
  clearTimeout(timer);
  try {
    const answer = await fetch(page.dataset.state, { cache: "no-store" });
    const { state } = await answer.json();
    if (answer.ok && state !== page.dataset.now) {
      location.reload();
      return;
    }
  } catch {
    // no connection for a moment: the next look may have one
  }
  timer = setTimeout(look, EVERY);
}

// back from the app on this very phone: timers may have slept
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look();
});
timer = setTimeout(look, EVERY);
