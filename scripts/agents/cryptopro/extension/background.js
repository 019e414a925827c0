// In place of native messaging: every message goes to the emulated plug-in.
const PLUGIN = 'http://127.0.0.1:13590/';

chrome.runtime.onConnect.addListener((port) => {
  port.onMessage.addListener(async ({ tabid, data }) => {
    try {
      const answer = await fetch(PLUGIN, { method: 'POST', body: JSON.stringify(data) });
      for (const reply of await answer.json()) port.postMessage({ tabid, data: reply });
    } catch {
      port.postMessage({ tabid, data: { type: 'error', requestid: data.requestid, message: 'Specified native messaging host not found.' } });
    }
  });
});
