package dev.pushgate.gateway.browser;

import static dev.pushgate.gateway.browser.LivePage.ROWS;
import static dev.pushgate.gateway.browser.LivePage.awaitLoaded;
import static dev.pushgate.gateway.browser.LivePage.awaitState;
import static dev.pushgate.gateway.browser.LivePage.awaitSubscribed;
import static dev.pushgate.gateway.browser.LivePage.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/// The gateway's own page: that what one looks for is seen, in words and where it is looked for.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class LivePageUseIT {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final String SHOWN = "[..." + ROWS + "].filter(row => row.checkVisibility())";

  @RegisterExtension final BrowserStage stage = new BrowserStage();
  private StandingNode node;

  @BeforeAll
  void start(@TempDir Path directory) {
    node = new StandingNode(directory);
    node.rest().post("/api/v1/channels", "{\"name\":\"H\",\"slug\":\"hidden\",\"isPrivate\":true}");
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void aRefusedChannelShowsItsReasonAtItsChip() {
    Page page = opened("/#key=" + Node.PUBLISH_KEY + "&channel=open&channel=hidden");
    page.await("document.querySelector('[data-channel=hidden][data-state=refused] small')");
    assertThat(text(page, "#channels [data-channel=hidden] small"))
        .contains("private")
        .doesNotContain("FORBIDDEN");
    page.await("document.querySelector('#channels [data-channel=open][data-state=subscribed]')");
    assertThat(page.value("document.querySelector('[data-channel=open] small').checkVisibility()"))
        .isEqualTo(false);
  }

  @Test
  void whatSeveralChannelsReplayStandsInTheOrderOfItsTime() {
    for (int i = 0; i < 4; i++) {
      event("left", "even", i);
      awaitNextMillisecond();
      event("right", "odd", i);
      awaitNextMillisecond();
    }
    Page page = LivePage.linked(stage, node, "left", "right");
    page.await(ROWS + ".length === 8");
    assertThat(names(page, ROWS))
        .isEqualTo(
            List.of("right4", "left4", "right3", "left3", "right2", "left2", "right1", "left1"));
    event("left", "even", 5);
    page.await(ROWS + ".length === 9");
    assertThat(names(page, ROWS)).first().isEqualTo("left5");
  }

  @Test
  void oneChannelAndOneEventCanBeShownAlone() {
    Page page = LivePage.linked(stage, node, "shop", "stock");
    event("shop", "order.paid", 1);
    event("shop", "order.shipped", 2);
    event("stock", "counted", 3);
    page.await(ROWS + ".length === 3");
    page.run(
        "const field = document.querySelector('#filter-channel'); field.value = 'shop';"
            + " field.dispatchEvent(new Event('change'))");
    page.write("#filter-event", "PAID");
    page.await(SHOWN + ".length === 1");
    assertThat(text(page, "#filtered")).isEqualTo("1 of 3 rows");
    event("stock", "paid", 4);
    event("shop", "order.paid", 5);
    page.await(ROWS + ".length === 5");
    assertThat(names(page, SHOWN)).isEqualTo(List.of("shop3", "shop1"));
    page.click("#channels li[data-channel=shop] button");
    page.await("document.querySelector('#filter-channel').value === ''");
    page.await(SHOWN + ".length === 3");
    page.run(
        "const field = document.querySelector('#filter-event'); field.value = '';"
            + " field.dispatchEvent(new Event('input'))");
    page.await(SHOWN + ".length === 5");
    assertThat(text(page, "#filtered")).isEmpty();
  }

  @Test
  void theDataOfAMessageIsCopied() {
    Page page = LivePage.linked(stage, node, "copied");
    event("copied", "said", 7);
    page.await(ROWS + ".length === 1");
    page.run(
        "navigator.clipboard.writeText = async (words) => { window.copied = words };"
            + " document.querySelector('#feed summary').click()");
    page.await("document.querySelector('#feed .data button')");
    page.click("#feed .data button");
    page.await("window.copied !== undefined");
    assertThat(page.value("JSON.parse(copied)")).isEqualTo(Map.of("n", 7L));
    assertThat(text(page, "#feed .data button")).isEqualTo("Copied");
  }

  @Test
  void controlAndEnterPublish() {
    Page page = LivePage.typed(stage, node, Node.SECRET_KEY, "keys");
    page.click("#publish-data");
    page.press(Keys.chord(Keys.CONTROL, Keys.ENTER));
    page.await(ROWS + ".length === 1");
    page.await("document.querySelector('#answer').innerText.includes('as #1')");
    page.click("#publish-event");
    page.press(Keys.chord(Keys.CONTROL, Keys.ENTER));
    page.await(ROWS + ".length === 2");
  }

  @Test
  void onALaptopThePublishButtonIsSeenAndNoLineIsCutOff() {
    Page page = opened("/#channel=demo&channel=orders");
    page.sized(1280, 800);
    assertThat(publishIsSeen(page)).as("before it is connected").isEqualTo(true);
    page.screenshot(SCREENSHOTS.resolve("page-idle.png"));
    LivePage.connect(page, Node.PUBLISH_KEY);
    awaitSubscribed(page);
    assertThat(publishIsSeen(page)).as("connected").isEqualTo(true);
    assertThat(page.value("document.querySelector('#key').checkVisibility()")).isEqualTo(false);
    assertThat(text(page, "#key-used"))
        .isEqualTo("With " + Node.PUBLISH_KEY.substring(0, 12) + "…");
    page.write("#publish-data", "{\"text\":\"" + "word".repeat(60) + "\"}");
    assertThat(
            page.value(
                "document.querySelector('#curl').scrollWidth"
                    + " - document.querySelector('#curl').clientWidth"))
        .isEqualTo(0L);
    page.screenshot(SCREENSHOTS.resolve("page-laptop.png"));
    page.click("#connect");
    awaitState(page, "idle");
    assertThat(page.value("document.querySelector('#key').checkVisibility()")).isEqualTo(true);
  }

  /// Also beside the longest sentence about a link or a key.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "#key=sec_abc&channel=demo",
        "#key=mgmt_abc&channel=demo&channel=orders",
        "#key=neither&channel=demo",
        "#key=pub_%E2%80%8Babc&channel=demo",
        "#key=pub_nobody0123456789abcdef&channel=demo"
      })
  void onALaptopThePublishButtonIsSeenBesideARefusal(String link) {
    Page page = opened("/" + link);
    page.sized(1280, 800);
    page.await("!document.querySelector('#problem').hidden");
    assertThat(publishIsSeen(page)).as(text(page, "#problem")).isEqualTo(true);
  }

  @Test
  void manyChannelsDoNotPushThePublishButtonAway() {
    StringBuilder link = new StringBuilder("/#key=" + Node.PUBLISH_KEY);
    for (int i = 0; i < 100; i++) {
      link.append("&channel=many-").append(i);
    }
    Page page = opened(link.toString());
    awaitSubscribed(page);
    page.sized(1280, 800);
    assertThat(publishIsSeen(page)).isEqualTo(true);
  }

  @Test
  void anEmptyListSaysWhatToDo() {
    Page page = opened("/#channel=quiet");
    assertThat(text(page, "#empty")).contains("Paste a publish key (pub_…)", "Connect");
    LivePage.connect(page, Node.PUBLISH_KEY);
    awaitSubscribed(page);
    assertThat(text(page, "#empty")).contains("Nothing yet", "Publish", "curl");
    page.click("#channels li[data-channel=quiet] button");
    assertThat(text(page, "#empty")).isEqualTo("Add a channel to listen to.");
    event("quiet", "said", 1);
    page.write("#channel", "quiet");
    page.press(Keys.ENTER);
    page.await(ROWS + ".length === 1");
    assertThat(page.value("document.querySelector('#empty').hidden")).isEqualTo(true);
  }

  private Page opened(String address) {
    Page page = stage.open(node.origin() + address);
    awaitLoaded(page);
    return page;
  }

  private static Object publishIsSeen(Page page) {
    return page.value(
        "scrollY === 0 && document.querySelector('#publish').getBoundingClientRect().bottom <= 800");
  }

  private static List<?> names(Page page, String rows) {
    return (List<?>)
        page.value("[..." + rows + "].map(({ dataset }) => dataset.channel + dataset.offset)");
  }

  private void event(String channel, String type, int n) {
    String message =
        "{\"channel\":\"%s\",\"event\":\"%s\",\"data\":{\"n\":%d}}".formatted(channel, type, n);
    assertThat(node.rest().post("/api/v1/publish", message).status()).isEqualTo(201);
  }

  /// The gateway's clock is this machine's: so the next message has a later time.
  private static void awaitNextMillisecond() {
    long before = System.currentTimeMillis();
    while (System.currentTimeMillis() == before) {
      Thread.onSpinWait();
    }
  }
}
