// Says in time that the session is about to rest too long, and keeps it at a touch.
const WARN_MINUTES = 4;
const notice = document.querySelector(".session-notice");
const said = document.getElementById("session-said");
const idle = Number(notice.dataset.minutes);
const wait = Math.max(idle - WARN_MINUTES, idle / 2) * 60_000;
let timer;

function start() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    notice.hidden = false;
  }, wait);
}

notice.querySelector("button").addEventListener("click", async () => {
  notice.hidden = true;
  said.textContent = "";
  try {
    // any page of the cabinet counts as a sign of life; a redirect means that the session is over
    const answer = await fetch("/cabinet", { method: "HEAD", redirect: "manual", cache: "no-store" });
    if (answer.ok) {
      said.textContent = notice.dataset.kept;
      start();
    } else {
      // what was typed stays on the page
      notice.textContent = notice.dataset.over;
      notice.hidden = false;
    }
  } catch {
    notice.hidden = false;
  }
});

start();
