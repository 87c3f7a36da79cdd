package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.testing.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The page of examples/chat, opened by two people. Ann's network is in the test's hands.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(90)
class ChatExampleIT {
  private static final AtomicInteger ROOMS = new AtomicInteger();

  /// The gateway warns of a token's end 30 s before: these have 6 s.
  private static final int SHORT_SECONDS = 36;

  private static final int LONG_SECONDS = 600;

  private Browser browser;
  private StandingNode node;
  private TcpProxy network;
  private ChatSite annsSite;
  private ChatSite bobsSite;
  private String room;

  @BeforeAll
  void start(@TempDir Path directory) {
    browser = Browser.start();
    node = new StandingNode(directory);
    network = new TcpProxy(node.port());
    annsSite = new ChatSite("http://127.0.0.1:" + network.port(), node.rest(), LONG_SECONDS);
    bobsSite = new ChatSite(node.origin(), node.rest(), LONG_SECONDS);
  }

  @AfterAll
  void stop() {
    annsSite.close();
    bobsSite.close();
    network.close();
    node.close();
    browser.close();
  }

  @BeforeEach
  void anotherRoom() {
    room = "room-" + ROOMS.incrementAndGet();
  }

  @AfterEach
  void giveTheNetworkBack() {
    network.mode(TcpProxy.Mode.PASS);
  }

  @Test
  void twoPeopleTalkToEachOther() {
    try (ChatPage ann = ann();
        ChatPage bob = bob()) {
      ann.say("Hello, is somebody here?");
      bob.awaitSaid("Ann Hello, is somebody here?");
      bob.say("Yes.");
      ann.awaitSaid("Ann Hello, is somebody here?", "Bob Yes.");
      ann.awaitNothingPending();
    }
  }

  @Test
  void whatOneWritesIsPendingUntilItHasItsPlace() {
    try (ChatPage ann = ann()) {
      network.mode(TcpProxy.Mode.FREEZE);
      ann.say("On its way");
      assertThat(ann.pending()).containsExactly("Ann On its way sending …");
      assertThat(ann.said()).isEmpty();
      network.mode(TcpProxy.Mode.PASS);
      ann.awaitSaid("Ann On its way");
      ann.awaitNothingPending();
    }
  }

  @Test
  void whatWasWrittenWhileTheNetworkWasAwayGoesOutOnceWhenItIsBack() {
    try (ChatPage ann = ann();
        ChatPage bob = bob()) {
      network.mode(TcpProxy.Mode.SWALLOW_ANSWERS); // it arrives, and Ann does not hear of it
      ann.say("First");
      bob.awaitSaid("Ann First");
      network.mode(TcpProxy.Mode.REFUSE);
      network.cut();
      ann.awaitState("Away");
      ann.say("Second");
      bob.say("Meanwhile");
      bob.awaitSaid("Ann First", "Bob Meanwhile");
      network.mode(TcpProxy.Mode.PASS);
      bob.awaitSaid("Ann First", "Bob Meanwhile", "Ann Second");
      ann.awaitSaid("Ann First", "Bob Meanwhile", "Ann Second");
      ann.awaitNothingPending();
    }
  }

  @Test
  void whatGetsNoAnswerForTooLongCanBeSentAgainAndIsOneMessage() {
    try (ChatPage ann = ann();
        ChatPage bob = bob()) {
      network.mode(TcpProxy.Mode.SWALLOW_ANSWERS);
      ann.say("Hello?");
      bob.awaitSaid("Ann Hello?");
      ann.page().await("document.querySelector('#pending button')");
      network.mode(TcpProxy.Mode.REFUSE);
      network.cut();
      network.mode(TcpProxy.Mode.PASS);
      ann.awaitState("You are Ann");
      ann.page().run("document.querySelector('#pending button').click()");
      ann.awaitNothingPending();
      ann.awaitSaid("Ann Hello?");
      bob.say("Once");
      bob.awaitSaid("Ann Hello?", "Bob Once");
    }
  }

  @Test
  void aPageThatIsLoadedAgainShowsWhatWasSaid() {
    try (ChatPage ann = ann()) {
      ann.say("One");
      ann.say("Two");
      ann.awaitSaid("Ann One", "Ann Two");
      ann.page().driver().navigate().refresh();
      ann.awaitSaid("Ann One", "Ann Two");
    }
  }

  @Test
  void aKilledGatewayIsWaitedForAndThePageSaysWhatMayBeMissing() {
    try (ChatPage bob = bob()) {
      bob.say("Before");
      bob.awaitSaid("Bob Before");
      node.kill();
      bob.awaitState("Away");
      node.startAgain();
      bob.awaitState("You are Bob");
      bob.say("After");
      bob.page().await("document.getElementById('messages').innerText.includes('may be missing')");
      bob.awaitSaid("Bob Before", "Bob After");
    }
  }

  @Test
  void markupIsShownAsItIs() {
    try (ChatPage bob = bob()) {
      String markup = "<img src=x onerror=document.title='owned'><b>bold</b>";
      bob.say(markup);
      bob.awaitSaid("Bob " + markup);
      assertThat(bob.page().value("document.querySelectorAll('#messages img').length"))
          .isEqualTo(0L);
      assertThat(bob.page().value("document.title")).isEqualTo("Chat");
    }
  }

  @Test
  void aTokenIsRenewedBeforeItsEndOnTheSameConnection() {
    try (ChatSite site = new ChatSite(node.origin(), node.rest(), SHORT_SECONDS);
        ChatPage ann = ChatPage.open(browser, "127.0.0.1", site.port(), room, "Ann")) {
      ann.page()
          .run(
              "window.states = []; new MutationObserver(() =>"
                  + " states.push(document.getElementById('state').textContent)).observe(document.getElementById('state'),"
                  + " { childList: true })");
      ann.page()
          .run(
              "window.heard = []; const { get } ="
                  + " Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data');"
                  + " Object.defineProperty(MessageEvent.prototype, 'data', { get() { const data ="
                  + " get.call(this); heard.push(String(data)); return data } })");
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> site.minted() >= 2);
      ann.page().await("heard.some(data => data.includes('\"authenticated\"'))");
      ann.say("Still here");
      ann.awaitSaid("Ann Still here");
      assertThat(ann.page().value("states")).isEqualTo(List.of());
    }
  }

  /// Cookies belong to a host: under two names of this machine two people can be signed in.
  private ChatPage ann() {
    return ChatPage.open(browser, "127.0.0.1", annsSite.port(), room, "Ann");
  }

  private ChatPage bob() {
    return ChatPage.open(browser, "localhost", bobsSite.port(), room, "Bob");
  }
}
