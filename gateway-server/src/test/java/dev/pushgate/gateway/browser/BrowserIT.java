package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// What the other tests of this package rely on: that pages hear what they are said to hear, and
/// that nothing which goes wrong in them stays unseen.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class BrowserIT {
  private static final String LISTEN =
      """
      window.heard = []
      for (const name of ['online', 'offline']) addEventListener(name, () => heard.push(name))
      for (const name of ['freeze', 'resume']) {
        document.addEventListener(name, () => heard.push(name))
      }
      document.addEventListener('visibilitychange', () => heard.push(document.visibilityState))
      """;

  private Browser browser;
  private Pages pages;
  private Page page;

  @BeforeAll
  void start() {
    browser = Browser.start();
    pages = Pages.start();
  }

  @AfterAll
  void stop() {
    pages.close();
    browser.close();
  }

  @BeforeEach
  void open() {
    page = browser.open(pages.origin() + "/empty.html");
    page.run(LISTEN);
  }

  @AfterEach
  void leave() {
    page.close();
  }

  @Test
  void aPageHearsThatTheNetworkIsGoneAndBack() {
    page.goOffline();
    page.goOnline();
    assertThat(page.value("heard")).isEqualTo(List.of("offline", "online"));
  }

  @Test
  void aPageHearsThatItIsHiddenAndShown() {
    page.hide();
    page.show();
    assertThat(page.value("heard")).isEqualTo(List.of("hidden", "visible"));
  }

  @Test
  void aPageInAWindowBehindAnotherIsStillSeen() {
    try (Page other = browser.open(pages.origin() + "/empty.html")) {
      assertThat(other.value("document.visibilityState")).isEqualTo("visible");
    }
    assertThat(page.value("heard")).isEqualTo(List.of());
  }

  @Test
  void aPageIsFrozenAndThawed() {
    page.hide();
    page.freeze();
    page.thaw();
    page.await("heard.includes('freeze') && heard.includes('resume')");
  }

  @Test
  void whatGoesWrongInAPageIsSeen() {
    page.run("setTimeout(() => { throw new Error('thrown') })");
    page.run("void Promise.reject(new Error('rejected')); console.error('said', 'aloud')");
    List<String> complaints = new ArrayList<>();
    Awaitility.await()
        .until(() -> complaints.addAll(browser.complaints()) | complaints.size() >= 3);
    assertThat(complaints).hasSize(3);
    assertThat(String.join(" ", complaints)).contains("thrown", "rejected", "aloud");
  }

  @Test
  void aServerThatIsNotThereIsNoComplaint() {
    page.run("new WebSocket('ws://127.0.0.1:9').onclose = () => { window.over = true }");
    page.await("window.over");
    page.run("return fetch('http://127.0.0.1:9').catch(() => {})");
    assertThat(browser.complaints()).isEmpty();
  }
}
