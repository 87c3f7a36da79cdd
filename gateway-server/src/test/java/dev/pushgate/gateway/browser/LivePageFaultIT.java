package dev.pushgate.gateway.browser;

import static dev.pushgate.gateway.browser.LivePage.ROWS;
import static dev.pushgate.gateway.browser.LivePage.announced;
import static dev.pushgate.gateway.browser.LivePage.awaitState;
import static dev.pushgate.gateway.browser.LivePage.awaitSubscribed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/// The gateway's own page, as people use it. What its Content-Security-Policy forbids is told on
/// the console, and so fails the test.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class LivePageFaultIT {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  @RegisterExtension final BrowserStage stage = new BrowserStage();
  private StandingNode node;

  @BeforeAll
  void start(@TempDir Path directory) {
    node = new StandingNode(directory);
    assertThat(node.rest().declare("orders").status()).isEqualTo(201);
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void theLinkWithTheKeyShowsMessagesAndTheKeyLeavesTheAddressBar() {
    Page page = linked("linked");
    publish("linked");
    page.await(ROWS + ".length === 1");
    assertThat(page.value(ROWS + "[0].innerText").toString()).contains("linked", "#1", "hello");
    assertThat(page.value("location.href")).isEqualTo(node.origin() + "/");
  }

  @Test
  void nothingIsAskedOfAnybodyElseAndNoRequestOfAFileShowsTheKey() {
    Page page = linked("asked");
    List<?> asked =
        (List<?>) page.value("performance.getEntriesByType('resource').map(({ name }) => name)");
    assertThat(asked).isNotEmpty();
    for (Object address : asked) {
      assertThat(address.toString())
          .startsWith(node.origin() + "/")
          .doesNotContain(Node.PUBLISH_KEY);
    }
  }

  @Test
  void aWrongKeyIsSaidInWords() {
    Page page = stage.open(node.origin() + "/#key=pub_nobody-has-this-one");
    awaitState(page, "error");
    assertThat(page.value("document.querySelector('#problem').innerText"))
        .isEqualTo("The gateway does not know this key, or it has expired or was revoked.");
  }

  @Test
  void theFormPublishesAndTheMessageShows() {
    Page page = typed("form");
    page.write("#publish-event", "greeted");
    page.write("#publish-data", "{\"text\":\"from the form\"}");
    page.click("#publish");
    page.await("document.querySelector('#answer').innerText.includes('as #1')");
    page.await(ROWS + ".length === 1");
    assertThat(page.value(ROWS + "[0].innerText").toString()).contains("greeted", "from the form");
  }

  @Test
  void dataThatIsNoJsonIsSaidAndNotSent() {
    Page page = typed("broken");
    page.click("#publish-data");
    page.press(Keys.chord(Keys.CONTROL, "a"), "{\"text\":");
    page.await("document.querySelector('#publish-data').ariaInvalid === 'true'");
    assertThat(page.value("document.querySelector('#data-problem').textContent")).isEqualTo("");
    page.press(Keys.TAB);
    page.await("document.querySelector('#data-problem').innerText !== ''");
    page.click("#publish");
    page.await("document.querySelector('#answer').dataset.outcome === 'refused'");
    assertThat(page.value("document.activeElement.id")).isEqualTo("publish-data");
    publish("broken");
    page.await(ROWS + ".length === 1");
    assertThat(page.value(ROWS + "[0].dataset.offset")).isEqualTo("1");
  }

  @Test
  void anOutageIsShownWithWhatBecameOfEachChannel() {
    Page page = linked("orders", "fleeting");
    publish("orders");
    publish("fleeting");
    page.await(ROWS + ".length === 2");
    page.goOffline();
    node.kill();
    page.await("document.querySelector('#feed li[data-kind=lost]')");
    awaitState(page, "waiting");
    page.screenshot(SCREENSHOTS.resolve("page-lost.png"));
    node.startAgain();
    publish("orders");
    page.goOnline();
    page.await("document.querySelector('#feed li[data-kind=recovered][data-channel=orders]')");
    page.await("document.querySelector('#feed li[data-kind=anew][data-channel=fleeting]')");
    page.await("document.querySelector('#announcements p')");
    assertThat(announced(page))
        .isEqualTo(List.of("1 channel recovered, 1 message; 1 channel began anew"));
    publish("orders");
    page.await("document.querySelector('#feed li[data-offset=\"3\"][data-channel=orders]')");
    page.screenshot(SCREENSHOTS.resolve("page.png"));
    page.inTheDark();
    page.screenshot(SCREENSHOTS.resolve("page-dark.png"));
  }

  @Test
  void aReconnectThatMissedNothingIsOneRowAndIsNotReadOut() {
    assertThat(node.rest().declare("calm").status()).isEqualTo(201);
    assertThat(node.rest().declare("quiet").status()).isEqualTo(201);
    Page page = linked("calm", "quiet");
    node.kill();
    awaitState(page, "waiting");
    node.startAgain();
    page.await("document.querySelector('#feed li[data-kind=recovered]')");
    awaitSubscribed(page);
    publish("quiet");
    page.await(ROWS + ".length === 1");
    assertThat(page.value("document.querySelectorAll('#feed li[data-kind=recovered]').length"))
        .isEqualTo(1L);
    assertThat(announced(page)).isEqualTo(List.of());
  }

  /// What was published to the new stream before the page was back is missing, as far as it knows.
  @Test
  void aChannelThatHasMessagesWhenItBeginsAnewIsSaidToMissSome() {
    Page page = linked("forgotten");
    publish("forgotten");
    page.await(ROWS + ".length === 1");
    page.goOffline();
    node.kill();
    awaitState(page, "waiting");
    node.startAgain();
    publish("forgotten");
    page.goOnline();
    page.await("document.querySelector('#feed li[data-kind=reset][data-channel=forgotten]')");
    assertThat(LivePage.text(page, "#feed li[data-kind=reset]")).contains("may be missing");
  }

  @Test
  void manyChannelsThatBeginAnewAreReadOutInOneSentence() {
    String[] channels =
        IntStream.range(0, 20).mapToObj(i -> "fleeting-" + i).toArray(String[]::new);
    Page page = linked(channels);
    for (String channel : channels) {
      publish(channel);
    }
    page.await(ROWS + ".length === 20");
    node.kill();
    awaitState(page, "waiting");
    node.startAgain();
    page.await("document.querySelector('#announcements p')");
    assertThat(announced(page)).isEqualTo(List.of("20 channels began anew"));
  }

  @Test
  void nothingIsWiderThanAPhone() {
    Page page = typed("phone", "long-name-".repeat(19));
    page.asOnAPhone();
    assertThat(page.value("document.querySelector('#key').checkVisibility()")).isEqualTo(false);
    String words = "\"" + "word".repeat(200) + "\"";
    assertThat(node.rest().publish("phone", words).status()).isEqualTo(201);
    publish("phone");
    page.await(ROWS + ".length === 2");
    page.run("document.querySelectorAll('#feed summary').forEach(summary => summary.click())");
    page.screenshot(SCREENSHOTS.resolve("page-phone.png"));
    assertThat(page.value("document.documentElement.scrollWidth")).isEqualTo(360L);
  }

  @Test
  void aKeyboardIsEnough() {
    Page page = stage.open(node.origin() + "/#channel=keyboard");
    page.await("document.activeElement.id === 'key'");
    page.press(Node.SECRET_KEY, Keys.ENTER);
    awaitSubscribed(page);
    tabTo(page, "publish-data");
    page.press(Keys.chord(Keys.CONTROL, "a"), "{\"by\":\"keys\"}");
    tabTo(page, "publish");
    page.press(Keys.SPACE);
    page.await(ROWS + ".length === 1");
  }

  @Test
  void everyFieldAndEveryButtonHasAName() {
    Page page = linked("names");
    publish("names");
    page.await(ROWS + ".length === 1");
    assertThat(
            page.value(
                """
                [...document.querySelectorAll('input, textarea, select')]
                  .filter(field => field.labels.length === 0 && !field.ariaLabel)
                  .map(field => field.outerHTML)
                """))
        .isEqualTo(List.of());
    assertThat(
            page.value(
                """
                [...document.querySelectorAll('button, a, summary')]
                  .filter(one => !(one.ariaLabel || one.textContent.trim()))
                  .map(one => one.outerHTML)
                """))
        .isEqualTo(List.of());
    assertThat(
            page.value(
                """
                [...document.querySelectorAll('[aria-labelledby], [aria-describedby], label[for]')]
                  .flatMap(one => ['aria-labelledby', 'aria-describedby', 'for']
                    .flatMap(name => one.getAttribute(name)?.split(' ') ?? []))
                  .filter(id => !document.getElementById(id))
                """))
        .isEqualTo(List.of());
    assertThat(page.value("document.documentElement.lang")).isEqualTo("en");
  }

  private void tabTo(Page page, String id) {
    for (int i = 0; i < 40 && !id.equals(page.value("document.activeElement.id")); i++) {
      page.press(Keys.TAB);
    }
    assertThat(page.value("document.activeElement.id")).isEqualTo(id);
  }

  private Page linked(String... channels) {
    return LivePage.linked(stage, node, channels);
  }

  private Page typed(String... channels) {
    return LivePage.typed(stage, node, Node.SECRET_KEY, channels);
  }

  private void publish(String channel) {
    LivePage.publish(node, channel);
  }
}
