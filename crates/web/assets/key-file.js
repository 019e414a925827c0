// Key files: chosen and opened in this page. File, password and key stay in the page and its worker.
import { FILE_LIMIT } from "./signer.js";
import { Refused } from "./key-source.js";

/** @param {import("./key-source.js").Place} place */
export function source({ form, word, tell, signer }) {
  const file = form.querySelector("#key-file");
  const password = form.querySelector("#key-password");
  const choose = form.querySelector("[data-field='choose']");
  let opened = null;

  file.addEventListener("change", () => {
    nameFile();
    mistake(file, null);
    // the module loads while the password is typed
    if (file.files.length > 0) wake();
  });
  nameFile();

  function wake() {
    opened ??= signer();
    return opened;
  }

  function forgetPassword() {
    password.value = "";
    password.dispatchEvent(new Event("hide"));
  }

  function nameFile() {
    const name = document.getElementById("key-file-name");
    const [chosen] = file.files;
    name.textContent = chosen?.name ?? name.dataset.empty;
    name.toggleAttribute("data-chosen", Boolean(chosen));
    choose.dataset.one ??= choose.textContent;
    choose.textContent = chosen ? choose.dataset.other : choose.dataset.one;
  }

  function mistake(input, code) {
    const error = document.getElementById(`${input.id}-error`);
    error.hidden = !code;
    error.querySelector("span").textContent = code ? word(code) : "";
    if (code) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  return {
    inPage: true,

    check() {
      const [chosen] = file.files;
      mistake(file, chosen ? null : "file-empty");
      mistake(password, password.value ? null : "password-empty");
      if (chosen && chosen.size > FILE_LIMIT) mistake(file, "too-large");
      const wrong = [file, password].find((input) => input.getAttribute("aria-invalid"));
      wrong?.focus();
      return !wrong;
    },

    async open() {
      const secret = password.value;
      forgetPassword();
      tell("opening");
      try {
        return await wake().open(file.files[0], secret);
      } catch (error) {
        throw error.name === "NotReadableError" ? new Refused("unreadable") : error;
      }
    },

    sign({ text, at }, key) {
      tell("signing");
      return wake().sign(key.index, text, at);
    },

    refused({ code }) {
      if (code === "signer.unavailable" || !word(code)) return false;
      const input = code === "key_file.wrong_password" ? password : file;
      mistake(input, code);
      input.focus();
      return true;
    },

    /** The file is read again after its password. */
    refresh() {
      password.focus();
      return "refresh-password";
    },

    /** Another file is asked for at once. */
    other: () => file.click(),

    /** What the keys are in. */
    get name() {
      return file.files[0]?.name ?? "";
    },

    reset() {
      file.value = "";
      nameFile();
      mistake(file, null);
      mistake(password, null);
    },

    close() {
      opened?.close();
      opened = null;
      forgetPassword();
    },
  };
}
