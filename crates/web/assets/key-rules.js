// Judges keys before the server does, by the server's rules and the server's time.

const SOON = 30 * 24 * 3600 * 1000;

/**
 * @typedef {object} KeyRule
 * @property {string[]} eku              extended key usages, of which one suffices
 * @property {string[]} policies         certificate policies, of which one does as well
 * @property {string[]} keyUsage         key usages, of which one must be allowed
 * @property {boolean} keyUsageRequired  whether a key that does not state its key usage is refused
 * @property {string[]} otherKeyUsage    key usages that show a key without extended ones to be for something else
 */

/** @param {{now: string, zone: string, groups: {issuers: string[], signIn: KeyRule, sign: KeyRule}[]}} rules */
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
    const maySignIn = groups.length === 0 || groups.some((it) => allows(it.signIn, key));
    const isForDocuments = groups.some((it) => allows(it.sign, key));
    if (!key.mayEnter) return { word: "not-for-sign-in" };
    if (!maySignIn) return { word: isForDocuments ? "for-documents" : "not-for-sign-in" };
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
    isForBoth(key) {
      const named = group(key);
      const groups = named.length > 0 ? named : rules.groups;
      return groups.some((it) => allows(it.signIn, key) && allows(it.sign, key));
    },
    day: (moment) => written(moment, { zone: rules.zone, time: false }),
    moment: (moment) => written(moment, { zone: rules.zone, time: true }),
  };
}

/** By extended key usage or policy first, then by key usage, as the server judges. */
function allows(rule, key) {
  const uses = (names) => names.some((name) => key.keyUsage.includes(name));
  const isUsable = key.keyUsage.length > 0 ? uses(rule.keyUsage) : !rule.keyUsageRequired;
  if (!isUsable) return false;
  if (key.eku.length === 0) return !uses(rule.otherKeyUsage);
  const isAny = rule.eku.length + rule.policies.length === 0;
  return isAny || rule.eku.some((it) => key.eku.includes(it)) || rule.policies.some((it) => key.policies.includes(it));
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
