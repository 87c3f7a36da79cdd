package dev.pushgate.gateway.browser;

import static dev.pushgate.gateway.browser.LivePage.ROWS;
import static dev.pushgate.gateway.browser.LivePage.awaitLoaded;
import static dev.pushgate.gateway.browser.LivePage.awaitState;
import static dev.pushgate.gateway.browser.LivePage.awaitSubscribed;
import static dev.pushgate.gateway.browser.LivePage.connect;
import static dev.pushgate.gateway.browser.LivePage.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Node;
import dev.pushgate.gateway.endtoend.Rest.Reply;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

/// The gateway's own page: what it makes of links, keys and channels, of many messages, and of
/// parts that do not come.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class LivePageIT {
  private static final String REMEMBERED = "sessionStorage.getItem('pushgate.key')";

  @RegisterExtension final BrowserStage stage = new BrowserStage();
  private StandingNode node;

  @BeforeAll
  void start(@TempDir Path directory) {
    node = new StandingNode(directory);
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void ofALinkWithTooManyChannelsAsManyAreShownAsAConnectionTakes() {
    String channels =
        IntStream.range(0, 2_000).mapToObj(i -> "&channel=c" + i).collect(Collectors.joining());
    Page page = stage.open(node.origin() + "/#key=" + Node.PUBLISH_KEY + channels + channels);
    awaitSubscribed(page);
    assertThat(page.value("document.querySelectorAll('#channels li').length")).isEqualTo(256L);
    assertThat(page.value("document.querySelectorAll('#known-channels option').length"))
        .isEqualTo(256L);
    page.await("document.querySelector('#feed li[data-kind=left]')");
    page.write("#channel", "one-more");
    page.press(Keys.ENTER);
    page.await("document.querySelector('#channel-problem').innerText.includes('256')");
    assertThat(page.value("document.querySelectorAll('#channels li').length")).isEqualTo(256L);
  }

  @Test
  void aListThatWasRememberedIsCutAsWell() {
    Page page = opened();
    page.run(
        "sessionStorage.setItem('pushgate.channels',"
            + " JSON.stringify(Array.from({ length: 300 }, (_, i) => `c${i}`)))");
    page.driver().navigate().refresh();
    awaitLoaded(page);
    page.await("document.querySelectorAll('#channels li').length === 256");
  }

  @ParameterizedTest
  @ValueSource(strings = {Node.SECRET_KEY, Node.MANAGEMENT_KEY, "something", "pub_zero%E2%80%8B"})
  void onlyWhatMayStandInALinkIsTakenFromIt(String key) {
    Page page = stage.open(node.origin() + "/#channel=linked&key=" + key);
    page.await("document.querySelector('#problem').innerText !== ''");
    awaitState(page, "idle");
    assertThat(page.value("document.querySelector('#key').value")).isEqualTo("");
    assertThat(page.value("location.href")).isEqualTo(node.origin() + "/");
  }

  @Test
  void anEmptyKeyInALinkIsNone() {
    Page page = LivePage.linked(stage, node, "first");
    page.run("location.hash = '#key=&channel=second'");
    page.await("document.querySelector('#channels li[data-channel=second]')");
    awaitSubscribed(page);
  }

  @Test
  void aKeyWithACharacterThatNobodySeesIsSaid() {
    Page page = opened();
    connect(page, Node.PUBLISH_KEY + "\u200b");
    page.await("document.querySelector('#problem').innerText.includes('cannot be seen')");
    awaitState(page, "idle");
    page.write("#secret", Node.SECRET_KEY + "\u200b");
    page.click("#publish");
    page.await("document.querySelector('#answer').innerText.includes('cannot be seen')");
  }

  @Test
  void aKeyIsRememberedOnceItWasTaken() {
    Page page = opened();
    connect(page, "pub_nobody-has-this-one");
    awaitState(page, "error");
    assertThat(page.run("return " + REMEMBERED)).isNull();
    connect(page, Node.PUBLISH_KEY);
    awaitSubscribed(page);
    assertThat(page.value(REMEMBERED)).isEqualTo('"' + Node.PUBLISH_KEY + '"');
    page.click("#connect");
    awaitState(page, "idle");
    connect(page, "pub_nobody-has-this-one");
    awaitState(page, "error");
    assertThat(page.run("return " + REMEMBERED)).isNull();
  }

  @Test
  void whatIsTypedAsTheChannelToPublishToStays() {
    Page page = LivePage.linked(stage, node, "here", "there");
    String value = "document.querySelector('#publish-channel').value";
    assertThat(page.value(value)).isEqualTo("here");
    page.write("#publish-channel", "elsewhere");
    page.write("#channel", "another");
    page.press(Keys.ENTER);
    page.click("#channels li[data-channel=here] button");
    assertThat(page.value(value)).isEqualTo("elsewhere");
    page.write("#publish-channel", "another");
    page.click("#channels li[data-channel=another] button");
    assertThat(page.value(value)).isEqualTo("there");
  }

  @Test
  void theSecretKeyIsOptionalBesideATokenAndNotAskedForBesideASecretKey() {
    Page page = LivePage.typed(stage, node, token("open-*"), "open-1", "closed");
    assertThat(page.value("document.querySelector('#secret-field').hidden")).isEqualTo(false);
    page.click("#publish");
    page.await("document.querySelector('#answer').innerText.includes('to open-1 as #1')");
    page.write("#publish-channel", "closed");
    page.click("#publish");
    page.await("document.querySelector('#answer').dataset.outcome === 'refused'");
    page.write("#secret", Node.SECRET_KEY);
    page.click("#publish");
    page.await("document.querySelector('#answer').innerText.includes('to closed as #1')");
    page.click("#connect");
    page.write("#key", Node.SECRET_KEY);
    page.await("document.querySelector('#secret-field').hidden");
    assertThat(stage.complaints()).hasSize(1).first().asString().contains("403");
  }

  @Test
  void noticesOutliveAThousandMessagesAlsoWhilePaused() {
    Page page = LivePage.linked(stage, node, "busy", "gone");
    assertThat(node.rest().declare("gone").status()).isEqualTo(201);
    page.click("#pause");
    assertThat(node.rest().delete("/api/v1/channels/gone").status()).isBetween(200, 204);
    page.await("!document.querySelector('#channels li[data-channel=gone]')");
    publishMany("busy", 1_200);
    page.await("document.querySelector('#count').innerText.startsWith('1,200 received')");
    page.click("#pause");
    page.await(ROWS + "[0]?.dataset.offset === '1200'");
    page.await(ROWS + ".length === 500");
    page.await("document.querySelector('#feed li[data-kind=ended]')");
    assertThat(
            page.value("[..." + ROWS + "].every(({ dataset }, i) => +dataset.offset === 1200 - i)"))
        .isEqualTo(true);
    assertThat(text(page, "#feed li[data-kind=ended]")).contains("gone");
  }

  @Test
  void connectingAgainShowsNothingTwice() {
    Page page = LivePage.linked(stage, node, "twice");
    publishMany("twice", 3);
    page.await(ROWS + ".length === 3");
    page.click("#connect");
    awaitState(page, "idle");
    page.click("#connect");
    awaitSubscribed(page);
    publishMany("twice", 1);
    page.await(ROWS + "[0].dataset.offset === '4'");
    assertThat(page.value("[..." + ROWS + "].map(({ dataset }) => dataset.offset)"))
        .isEqualTo(List.of("4", "3", "2", "1"));
    assertThat(text(page, "#count")).isEqualTo("4 received");
  }

  @Test
  void whatIsReplayedIsNotCounted() {
    publishMany("earlier", 2);
    Page page = LivePage.linked(stage, node, "earlier");
    page.await(ROWS + ".length === 2");
    publishMany("earlier", 1);
    page.await(ROWS + ".length === 3");
    assertThat(text(page, "#count")).isEqualTo("1 received");
  }

  @Test
  void whatIsUnfoldedDoesNotMoveAwayWhileItIsRead() {
    Page page = LivePage.linked(stage, node, "read");
    publishMany("read", 1);
    page.await(ROWS + ".length === 1");
    page.click("#feed summary");
    publishMany("read", 2);
    page.await("document.querySelector('#count').innerText.includes('while you read, 2 waiting')");
    assertThat(page.value(ROWS + ".length")).isEqualTo(1L);
    page.click("#pause");
    page.await(ROWS + ".length === 3");
    assertThat(text(page, "#pause")).isEqualTo("Pause");
  }

  @Test
  void whatIsScrolledToDoesNotMoveAwayEither() {
    Page page = LivePage.linked(stage, node, "scrolled");
    publishMany("scrolled", 30);
    page.await(ROWS + ".length === 30");
    page.run("document.querySelector('#scroller').scrollTop = 300");
    publishMany("scrolled", 2);
    page.await("document.querySelector('#count').innerText.includes('while you read, 2 waiting')");
    page.run("document.querySelector('#scroller').scrollTop = 0");
    page.await(ROWS + ".length === 32");
  }

  @Test
  void theListIsOneStopForAKeyboardAndArrowsGoThroughIt() {
    Page page = LivePage.linked(stage, node, "walked");
    publishMany("walked", 3);
    page.await(ROWS + ".length === 3");
    page.run("document.querySelector('#clear').focus()");
    String offset = "document.activeElement.closest('li')?.dataset.offset ?? ''";
    page.press(Keys.TAB);
    assertThat(page.value("document.activeElement.id")).isEqualTo("scroller");
    page.press(Keys.ARROW_DOWN);
    page.press(Keys.ARROW_DOWN);
    assertThat(page.value(offset)).isEqualTo("2");
    publishMany("walked", 1);
    page.await("document.querySelector('#count').innerText.includes('while you read, 1 waiting')");
    page.press(Keys.TAB);
    assertThat(page.value(offset)).isEqualTo("");
    page.await(ROWS + ".length === 4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/page-plot.js", "/page.js", "/pushgate.js"})
  void aPartThatDoesNotComeIsSaidAndTheKeyLeavesTheAddressBarAllTheSame(String part) {
    Page page = stage.open(stage.pages().origin() + "/empty.html");
    page.driver().executeCdpCommand("Network.enable", Map.of());
    page.driver().executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of("*" + part)));
    page.driver().get(node.origin() + "/#key=" + Node.PUBLISH_KEY);
    page.await("document.querySelector('#problem').innerText.includes('reload')");
    page.click("#connect");
    assertThat(page.value("location.href")).isEqualTo(node.origin() + "/");
    assertThat(stage.complaints()).hasSize(1).first().asString().contains("could not be loaded");
  }

  private Page opened() {
    Page page = stage.open(node.origin() + "/");
    awaitLoaded(page);
    return page;
  }

  private void publishMany(String channel, int count) {
    for (int i = 0; i < count; i++) {
      LivePage.publish(node, channel);
    }
  }

  /// One that may listen everywhere, and publish where the pattern says.
  private String token(String publishes) {
    Reply minted =
        node.rest()
            .post(
                "/api/v1/auth/token",
                "{\"clientId\":\"me\",\"grants\":{\"*\":[\"subscribe\"],\"%s\":[\"subscribe\",\"publish\"]}}"
                    .formatted(publishes));
    assertThat(minted.status()).isEqualTo(200);
    return minted.text("data", "token");
  }
}
