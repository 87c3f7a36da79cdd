package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Node;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The gateway is killed under load with pages open, and started again. `-Dbrowser.pages=20` opens
/// more of them.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class ManyPagesFaultIT {
  private static final int PAGES = Integer.getInteger("browser.pages", 5);
  private static final int MESSAGES = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

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
  void afterAKillUnderLoadEveryPageHasEveryMessageOnceAndInOrderOrWasTold() {
    assertThat(node.rest().declare("declared").status()).isEqualTo(201);
    List<ClientPage> pages = Stream.generate(this::page).limit(PAGES).toList();
    int published = killedUnderLoad(pages);
    for (ClientPage page : pages) {
      page.await("messages.declared.at(-1).data === " + published);
      assertThat(page.run("return messages.declared.map(({ data }) => data)"))
          .isEqualTo(LongStream.rangeClosed(1, published).boxed().toList());
      assertThat(page.offsets("declared")).isEqualTo(ClientPage.offsets(1, published));
      assertThat(page.told("declared"))
          .doesNotContain("reset")
          .anyMatch(what -> what.startsWith("recovered "));
      page.await("messages.undeclared.at(-1).data === " + published);
      assertThat(page.told("undeclared")).containsOnlyOnce("reset");
      assertThat(page.errors()).isEmpty();
    }
  }

  private ClientPage page() {
    return stage
        .client()
        .connect(node.origin(), Node.PUBLISH_KEY, "")
        .follow("declared")
        .follow("undeclared")
        .awaitSubscribed("declared")
        .awaitSubscribed("undeclared");
  }

  /// Goes on until all pages are back and were given more.
  ///
  /// @return how many messages each channel was given
  private int killedUnderLoad(List<ClientPage> pages) {
    try (SteadyLoad load = new SteadyLoad(node.rest(), "declared", "undeclared")) {
      awaitAcknowledged(load, MESSAGES);
      node.kill();
      node.startAgain();
      pages.forEach(page -> page.awaitTold("undeclared", "reset"));
      awaitAcknowledged(load, load.acknowledged() + MESSAGES);
      load.close();
      return load.acknowledged();
    }
  }

  private static void awaitAcknowledged(SteadyLoad load, int count) {
    Awaitility.await().atMost(PATIENCE).until(() -> load.acknowledged() >= count);
  }
}
