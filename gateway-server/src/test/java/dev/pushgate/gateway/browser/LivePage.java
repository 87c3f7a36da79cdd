package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Node;
import java.util.List;

/// The gateway's own page, opened by a link or by somebody who types the key in. Confined to the
/// thread of the tests.
final class LivePage {
  /// The rows of messages, the newest first.
  static final String ROWS = "document.querySelectorAll('#feed li[data-kind=message]')";

  private LivePage() {}

  /// Opens the page by a link with the publish key, and waits until it listens.
  static Page linked(BrowserStage stage, StandingNode node, String... channels) {
    String link = "/#key=" + Node.PUBLISH_KEY + "&channel=" + String.join("&channel=", channels);
    Page page = stage.open(node.origin() + link);
    awaitSubscribed(page);
    return page;
  }

  /// The same with a key that has to be typed in.
  static Page typed(BrowserStage stage, StandingNode node, String key, String... channels) {
    String link = "/#channel=" + String.join("&channel=", channels);
    Page page = stage.open(node.origin() + link);
    awaitLoaded(page);
    connect(page, key);
    awaitSubscribed(page);
    return page;
  }

  static void awaitLoaded(Page page) {
    page.await("document.querySelector('#version').textContent !== ''");
  }

  static void connect(Page page, String key) {
    page.write("#key", key);
    page.click("#connect");
  }

  static void awaitState(Page page, String state) {
    page.await("document.querySelector('#state').dataset.state === '" + state + "'");
  }

  static void awaitSubscribed(Page page) {
    awaitState(page, "connected");
    page.await(
        "[...document.querySelectorAll('#channels li')]"
            + ".every(({ dataset }) => dataset.state === 'subscribed')");
  }

  static String text(Page page, String selector) {
    return page.value("document.querySelector('" + selector + "').innerText").toString();
  }

  static void publish(StandingNode node, String channel) {
    assertThat(node.rest().publish(channel, "{\"text\":\"hello\"}").status()).isEqualTo(201);
  }

  /// What a screen reader was given of the channels, one sentence after the other.
  static List<?> announced(Page page) {
    return (List<?>)
        page.value(
            "[...document.querySelectorAll('#announcements p')].map(line => line.textContent)");
  }
}
