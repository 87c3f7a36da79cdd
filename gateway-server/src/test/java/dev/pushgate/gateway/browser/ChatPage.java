package dev.pushgate.gateway.browser;

import java.util.List;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;

/// The chat as one person sees it. Confined to the thread of the tests.
record ChatPage(Page page) implements AutoCloseable {
  /// Opens a room and signs in.
  static ChatPage open(Browser browser, String host, int port, String room, String name) {
    Page page = browser.open("http://" + host + ":" + port + "/?room=" + room);
    page.driver().manage().deleteAllCookies();
    page.driver().navigate().refresh();
    page.await("document.getElementById('sign-in').checkVisibility()");
    page.driver().findElement(By.id("name")).sendKeys(name + "\n");
    ChatPage chat = new ChatPage(page);
    chat.awaitState("You are " + name);
    page.await("!document.getElementById('sign-in').checkVisibility()");
    return chat;
  }

  void say(String words) {
    page.driver().findElement(By.id("text")).sendKeys(words + "\n");
  }

  void awaitState(String beginning) {
    page.await("document.getElementById('state').textContent.startsWith('" + beginning + "')");
  }

  /// Waits until exactly this was said, by whom, in this order.
  void awaitSaid(String... lines) {
    Awaitility.await()
        .atMost(Page.PATIENCE)
        .pollInSameThread()
        .until(this::said, List.of(lines)::equals);
  }

  List<String> said() {
    // without the time, which stands in front
    return lines("#messages li:not(.note)", "[...row.childNodes].slice(1)");
  }

  List<String> pending() {
    return lines("#pending li", "[...row.childNodes]");
  }

  private List<String> lines(String rows, String nodes) {
    Object lines =
        page.value(
            "[...document.querySelectorAll('%s')].map((row) => %s.map((n) => n.textContent).join('').trim())"
                .formatted(rows, nodes));
    return lines instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }

  void awaitNothingPending() {
    page.await("document.getElementById('pending').children.length === 0");
  }

  @Override
  public void close() {
    page.close();
  }
}
