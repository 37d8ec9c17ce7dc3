// Asks the api now and then. When it answers with another version than this page was made by, a release has taken over:
// the page is loaded again, once for each version, so that a share of traffic on each side never makes it reload in circles.
const page = document.documentElement.dataset.version;
const line = document.getElementById('status');
// Written only when it changes: a screen reader speaks every change.
const say = text => { if (line.textContent !== text) line.textContent = text; };
async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch('/api/version', { cache: 'no-store', signal: AbortSignal.timeout(5000) });
    const version = answer.headers.get('X-Version');
    const fromApi = answer.ok && answer.headers.get('X-Service') === 'api';
    say(fromApi ? `The api answers as version ${version}.` : `The api answered ${answer.status}.`);
    const key = `reloaded for ${version}`;
    if (fromApi && version && version !== page && !sessionStorage.getItem(key)) {
      sessionStorage.setItem(key, '1');
      location.reload();
    }
  } catch (failure) {
    say(`No answer: ${failure.message}`);
  }
}
setInterval(ask, 2000);
ask();
