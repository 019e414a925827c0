// Between the page and the extension, as the vendor's script of version 1.3.17 behaves: silent until the page holds the
// extension's own script, and then by messages of the window.
(() => {
  const id = chrome.runtime.id;
  const tabid = crypto.randomUUID();
  let port = null;
  let isHere = false;

  function connect() {
    port = chrome.runtime.connect({ name: tabid });
    port.onMessage.addListener((message) => window.postMessage(message, '*'));
    port.onDisconnect.addListener(() => { port = null; });
  }

  function relay({ source, data }) {
    if (source !== window) return;
    if (data === `cadesplugin_echo_request_${id}`) window.postMessage('cadesplugin_loaded', '*');
    if (data?.destination !== `nmcades_${id}`) return;
    if (!port) connect();
    port.postMessage({ tabid, data });
  }

  function wake() {
    const address = `chrome-extension://${id}/nmcades_plugin_api.js`;
    if (!Array.from(document.scripts).some((script) => script.src === address)) return;
    if (!isHere) window.addEventListener('message', relay);
    isHere = true;
    window.postMessage(`cadesplugin_echo_request_${id}`, '*');
  }

  window.addEventListener('message', ({ source, data }) => { if (source === window && data === 'cadesplugin_echo_request') wake(); });
})();
