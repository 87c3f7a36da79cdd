package dev.pushgate.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.gateway.store.dialect.Fault;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AvailabilityTest {
  private static final Finding FULL = new Finding(Fault.READ_ONLY, "53100", "the disk is full");
  private static final Finding GONE = new Finding(Fault.AWAY, "gone", "connection refused");
  private static final Finding LOCKED = new Finding(Fault.REFUSED, "55P03", "no lock");

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Database database = new Database();
  private final Availability availability = new Availability("database", database, logger());

  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final transient Finding finding;

    Refused(Finding finding) {
      this.finding = finding;
    }
  }

  /// Fails its probes while something is wrong.
  private static final class Database implements Availability.Probing {
    volatile @Nullable Finding wrong;
    final AtomicInteger unfounded = new AtomicInteger();
    final AtomicInteger renewals = new AtomicInteger();
    final AtomicInteger probes = new AtomicInteger();

    @Override
    public void probe(boolean ample) {
      probes.incrementAndGet();
      Finding now = wrong;
      if (now != null) {
        throw new Refused(now);
      }
    }

    @Override
    public Finding read(RuntimeException failure) {
      return ((Refused) failure).finding;
    }

    @Override
    public void renew() {
      renewals.incrementAndGet();
    }

    @Override
    public void unfounded() {
      unfounded.incrementAndGet();
    }
  }

  private Logger logger() {
    Logger logger = new LoggerContext().getLogger("availability");
    logger.setLevel(Level.INFO);
    AppenderBase<ILoggingEvent> said =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            lines.add(event.getLevel() + " " + event.getFormattedMessage());
          }
        };
    said.start();
    logger.addAppender(said);
    return logger;
  }

  @AfterEach
  void close() {
    availability.close();
  }

  @Test
  void aDatabaseThatTakesNoWritesIsReadAllTheSame() {
    database.wrong = FULL;
    availability.failed(FULL);

    assertThat(availability.refusal()).isNull();
    StoreUnavailableException refusal = availability.writeRefusal();
    assertThat(refusal).hasMessage("The database takes no messages: the disk is full");
    assertThat(StoreUnavailableException.surelyDidNothing(refusal)).isTrue();
    assertThat(availability.trouble()).isEqualTo("the disk is full");
    assertThat(lines).containsExactly("WARN The database takes no messages: the disk is full");
  }

  @Test
  void oneThatIsGoneAfterItTookNoWritesIsNotReadEither() {
    database.wrong = GONE;
    availability.failed(FULL);
    Awaitility.await().until(() -> availability.refusal() != null);

    assertThat(lines)
        .containsExactly(
            "WARN The database takes no messages: the disk is full",
            "WARN The database is away: connection refused");
    availability.failed(FULL);
    assertThat(availability.trouble()).isEqualTo("connection refused");
  }

  @Test
  void connectionsAreMadeAnewBeforeItIsUsedAgain() {
    availability.failed(GONE);
    Awaitility.await().until(() -> availability.writeRefusal() == null);

    assertThat(database.renewals).hasValue(2);
    assertThat(lines).hasSize(2);
  }

  @Test
  void whatIsRefusedToOneAloneHoldsNobodyUp() {
    availability.failed(LOCKED);
    Awaitility.await().until(() -> database.unfounded.get() == 1);

    assertThat(availability.writeRefusal()).isNull();
    assertThat(lines).isEmpty();
  }

  @Test
  void whatIsRefusedToAProbeTooIsRefusedToAll() {
    database.wrong = FULL;
    availability.failed(LOCKED);
    Awaitility.await().until(() -> availability.writeRefusal() != null);

    assertThat(availability.refusal()).isNull();
    assertThat(database.unfounded).hasValue(0);
  }

  @Test
  void whoeverAsksWhetherItIsWellHearsItWhenItWasTold() {
    database.wrong = FULL;

    assertThat(availability.isWell(false, System.nanoTime())).isFalse();
    assertThat(availability.writeRefusal()).isNotNull();
    assertThat(lines).containsExactly("WARN The database takes no messages: the disk is full");
  }

  @Test
  void oneProbeIsEnoughForAllWhoAskedBeforeItBegan() {
    long before = System.nanoTime();

    assertThat(availability.isWell(false, before)).isTrue();
    assertThat(availability.isWell(false, before)).isTrue();
    assertThat(database.probes).hasValue(1);
    assertThat(availability.isWell(false, System.nanoTime())).isTrue();
    assertThat(database.probes).hasValue(2);
    assertThat(database.unfounded).hasValue(3);
  }

  @Test
  void anOutageThatComesAndGoesIsToldInAHandfulOfLines() {
    for (int i = 0; i < 4; i++) {
      availability.failed(FULL);
      Awaitility.await().until(() -> availability.writeRefusal() == null);
    }

    assertThat(lines.stream().map(line -> line.replaceFirst("after \\d+ ms", "after a while")))
        .isEqualTo(
            List.of(
                "WARN The database takes no messages: the disk is full",
                "INFO The database is back after a while",
                "WARN The database takes no messages: the disk is full. It comes and goes: what was"
                    + " told before is told again only when it lasts for 60 s, and when all has"
                    + " been well for as long"));
  }

  /// Not every refusal is tried again by a probe.
  private boolean isRefusedToAll() {
    availability.failed(LOCKED);
    return availability.writeRefusal() != null;
  }

  @Test
  void outagesInTurnAreEachToldInTheirOwnWords() {
    for (String table : List.of("messages", "channels", "node_owner", "idempotency_keys")) {
      String words = "permission denied for table " + table;
      database.wrong = new Finding(Fault.READ_ONLY, Finding.kind("42501", words), words);
      Awaitility.await().until(this::isRefusedToAll);
      database.wrong = null;
      Awaitility.await().until(() -> availability.writeRefusal() == null);
      Awaitility.await().until(() -> lines.size() % 2 == 0);

      assertThat(lines).contains("WARN The database takes no messages: " + words);
    }
    assertThat(lines).hasSize(8).filteredOn(line -> line.contains("is back after")).hasSize(4);
  }
}
