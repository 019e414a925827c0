// Judges keys before the server does, by the server's rules and the server's time.

const SOON = 30 * 24 * 3600 * 1000;

/** @param {{now: string, zone: string, groups: {issuers: string[], signIn: string[], sign: string[]}[]}} rules */
export function keyJudge(rules) {
  const loaded = performance.now();
  const serverTime = Date.parse(rules.now);
  const now = () => serverTime + performance.now() - loaded;

  function group(key) {
    return rules.groups.filter((it) => it.issuers.includes(key.issuer));
  }

  /** The reason why a key cannot sign in, as a word of the page with its moment, or null. */
  function objection(key) {
    const named = group(key);
    const groups = named.length > 0 ? named : rules.groups.filter((it) => it.issuers.length === 0);
    const has = (usages) => usages.some((usage) => key.eku.includes(usage));
    const maySignIn = groups.length === 0 || groups.some((it) => it.signIn.length === 0 || has(it.signIn));
    if (!maySignIn) return { word: groups.some((it) => has(it.sign)) ? "for-documents" : "not-for-sign-in" };
    if (now() >= Date.parse(key.notAfter)) return { word: "expired", at: key.notAfter };
    if (now() < Date.parse(key.notBefore)) return { word: "not-yet", at: key.notBefore };
    if (key.refusal) return { word: key.refusal };
    return null;
  }

  return {
    objection,
    endsSoon: (key) => Date.parse(key.notAfter) - now() < SOON,
    elapsed(key) {
      const [from, until] = [Date.parse(key.notBefore), Date.parse(key.notAfter)];
      return Math.min(100, Math.max(0, Math.round((100 * (now() - from)) / (until - from))));
    },
    isForBoth: (key) => group(key).some((it) => it.sign.some((usage) => key.eku.includes(usage))),
    day: (moment) => written(moment, { zone: rules.zone, time: false }),
    moment: (moment) => written(moment, { zone: rules.zone, time: true }),
  };
}

/** `22.11.2026`, or `22.11.2026, 14:05 (UTC+5)` as the server writes it, in every language. */
function written(moment, { zone, time }) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "shortOffset",
  });
  const parts = Object.fromEntries(format.formatToParts(new Date(moment)).map(({ type, value }) => [type, value]));
  const day = `${parts.day}.${parts.month}.${parts.year}`;
  if (!time) return day;
  const offset = parts.timeZoneName.replace("GMT", "UTC").replace("-", "−");
  return `${day}, ${parts.hour}:${parts.minute} (${offset})`;
}

/** A name in capitals, as certificates have it, in ordinary letters; the page's names are written so too. */
export function ordinaryLetters(name) {
  if (/\p{Ll}/u.test(name)) return name;
  return name.replace(/\p{L}[\p{L}'’]*/gu, (part) => part.slice(0, 1) + part.slice(1).toLowerCase());
}
