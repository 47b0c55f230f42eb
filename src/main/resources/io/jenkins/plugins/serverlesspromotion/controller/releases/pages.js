/* The pages work without this: it adds search, dialogs, live progress and the log. Text from outside is only ever put
   into text nodes. */
(function () {
  "use strict";

  const RUNNING_MS = 2000;
  const WAITING_MS = 5000;
  const FAILED_MS = 15000;

  function search() {
    const field = document.getElementById("sp-search");
    const board = document.getElementById("sp-board");
    if (!field || !board) {
      return;
    }
    const none = document.getElementById("sp-none");
    field.setAttribute("aria-controls", "sp-board");
    field.addEventListener("input", function () {
      const wanted = field.value.trim().toLowerCase();
      let shown = 0;
      board.querySelectorAll("tr[data-sp-service]").forEach(function (row) {
        row.hidden = !row.dataset.spService.includes(wanted);
        shown += row.hidden ? 0 : 1;
      });
      none.hidden = shown > 0;
    });
  }

  function dialogs() {
    document.querySelectorAll("[data-sp-dialog]").forEach(function (button) {
      button.addEventListener("click", function () {
        const template = document.getElementById(button.dataset.spDialog);
        const form = template.content.querySelector("form").cloneNode(true);
        window.dialog
          .form(form, {
            title: button.dataset.spTitle,
            okText: button.dataset.spOk,
            minWidth: "min(92vw, 30rem)",
            maxWidth: "min(92vw, 40rem)",
            submitButton: true,
          })
          .then(
            function () {},
            function () {
              button.focus();
            },
          );
      });
    });
  }

  function confirmations() {
    document.querySelectorAll("[data-sp-confirm]").forEach(function (button) {
      button.addEventListener("click", function (event) {
        if (button.dataset.spConfirmed) {
          return;
        }
        event.preventDefault();
        if (!button.form.reportValidity()) {
          return;
        }
        window.dialog
          .confirm(button.dataset.spConfirm, {
            message: button.dataset.spMessage,
            okText: button.dataset.spOk,
            type: "destructive",
            minWidth: "min(92vw, 26rem)",
            maxWidth: "min(92vw, 34rem)",
          })
          .then(
            function () {
              button.dataset.spConfirmed = "true";
              button.form.requestSubmit(button);
            },
            function () {
              button.focus();
            },
          );
      });
    });
  }

  function once() {
    const form = document.getElementById("sp-decision");
    if (form) {
      // A second click on the way would only be told that the first has counted.
      form.addEventListener("submit", function (event) {
        if (form.dataset.spSent) {
          event.preventDefault();
        }
        form.dataset.spSent = "true";
      });
    }
  }

  function fill(list, items) {
    list.textContent = "";
    items.forEach(function (item) {
      list.appendChild(item);
    });
  }

  function lineItem(line) {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  }

  function logItem(line) {
    const item = document.createElement("li");
    const time = document.createElement("time");
    time.title = line.at;
    time.textContent = line.ago;
    time.className = "sp-when";
    item.appendChild(time);
    const text = line.who ? line.who + ": " + line.text : line.text;
    item.appendChild(document.createTextNode(" " + text));
    return item;
  }

  function showStep(step) {
    const row = Array.from(document.querySelectorAll("[data-sp-step]")).find(
      function (candidate) {
        return candidate.dataset.spStep === step.key;
      },
    );
    if (!row) {
      return;
    }
    const mark = row.querySelector(".sp-step-mark");
    if (mark.textContent.trim() !== step.word) {
      const template = Array.from(
        document.querySelectorAll("template[data-sp-mark]"),
      ).find(function (candidate) {
        return candidate.dataset.spMark === step.word;
      });
      fill(mark, [template.content.cloneNode(true)]);
    }
    row.querySelector(".sp-step-detail").textContent = step.detail || "";
    row.querySelector(".sp-step-since").textContent = step.since;
    fill(row.querySelector(".sp-lines"), step.lines.map(lineItem));
  }

  function isWriting() {
    const fields = document.querySelectorAll(
      "#sp-promotion textarea, #sp-promotion input[type=text]",
    );
    return (
      document.querySelector("dialog[open]") !== null ||
      Array.from(fields).some(function (field) {
        return field === document.activeElement || field.value.trim() !== "";
      })
    );
  }

  function live() {
    const page = document.getElementById("sp-promotion");
    if (!page || page.dataset.live !== "true") {
      return;
    }
    const running = document.getElementById("sp-steps") !== null;
    const pace = running ? RUNNING_MS : WAITING_MS;
    document
      .getElementById("sp-reload")
      .addEventListener("click", function () {
        window.location.assign(page.dataset.url);
      });
    function again(ms) {
      window.setTimeout(ask, ms);
    }
    function ask() {
      if (document.hidden) {
        again(pace);
        return;
      }
      fetch(page.dataset.url + "live", { headers: { Accept: "application/json" } })
        .then(function (response) {
          if (!response.ok) {
            throw new Error(response.status);
          }
          return response.json();
        })
        .then(function (status) {
          if (status.fingerprint !== page.dataset.fingerprint) {
            if (!isWriting()) {
              window.location.assign(page.dataset.url);
              return;
            }
            document.getElementById("sp-changed").hidden = false;
          }
          status.steps.forEach(showStep);
          again(pace);
        })
        .catch(function () {
          again(FAILED_MS);
        });
    }
    again(pace);
  }

  function log() {
    const details = document.getElementById("sp-log");
    if (!details) {
      return;
    }
    details.addEventListener("toggle", function () {
      if (!details.open) {
        return;
      }
      pages(details, "0", []);
    });
  }

  /* A long log comes in pages; each is shown as soon as it is there. */
  function pages(details, from, before) {
    fetch(details.dataset.spLog + "?from=" + encodeURIComponent(from))
      .then(function (response) {
        if (!response.ok) {
          throw new Error(response.status);
        }
        return response.json();
      })
      .then(function (log) {
        const lines = before.concat(log.lines);
        details.querySelector(".sp-log-failed").hidden = true;
        fill(details.querySelector(".sp-log"), lines.map(logItem));
        if (log.next !== undefined && details.open) {
          pages(details, log.next, lines);
        }
      })
      .catch(function () {
        details.querySelector(".sp-log-failed").hidden = false;
      });
  }

  function start() {
    search();
    dialogs();
    confirmations();
    once();
    live();
    log();
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
