// What the extension gives to pages: objects of the plug-in as objects of the page. Reading a property and calling a method
// answer with promises; a property is written by propset_NAME.
(() => {
  if (window.cpcsp_chrome_nmcades) return;
  const destination = `nmcades_${new URL(document.currentScript.src).host}`;
  const waiting = new Map();
  let last = 1;

  function ask(message) {
    return new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      window.postMessage({ destination, requestid: last, ...message }, '*');
    });
  }

  window.addEventListener('message', ({ source, data }) => {
    if (source !== window || !data?.tabid || !waiting.has(data.data?.requestid)) return;
    const { resolve, reject } = waiting.get(data.data.requestid);
    waiting.delete(data.data.requestid);
    if (data.data.type === 'result') resolve(data.data);
    else reject(data.data);
  });

  const written = (value) => (typeof value === 'object' && value !== null ? { type: 'object', value: value.objid } : { type: typeof value, value });

  function read({ retval }) {
    if (retval.type === 'number') return Number.parseInt(retval.value, 10);
    if (retval.type !== 'object') return retval.type === 'OK' ? undefined : retval.value;
    const object = { objid: retval.value };
    for (const name of retval.properties ?? []) {
      Object.defineProperty(object, name, { get: () => ask({ objid: object.objid, get_property: name }).then(read) });
      object[`propset_${name}`] = (value) => ask({ objid: object.objid, set_property: name, params: [written(value)] }).then(read);
    }
    for (const name of retval.methods ?? []) object[name] = (...params) => ask({ objid: object.objid, method: name, params: params.map(written) }).then(read);
    return object;
  }

  window.cpcsp_chrome_nmcades = {
    check_chrome_plugin(loaded, failed) {
      cadesplugin.async_spawn(function* check([onLoaded, onFailed]) {
        try {
          const { value } = yield ask({ type: 'init', url: document.URL });
          const plugin = { objid: value, CreateObjectAsync: (name) => ask({ objid: value, method: 'CreateObject', params: [written(name)] }).then(read) };
          yield plugin.CreateObjectAsync('CAdESCOM.About');
          cadesplugin.set(plugin);
          onLoaded();
        } catch {
          onFailed('Плагин недоступен');
        }
      }, loaded, failed);
    },
  };
})();
