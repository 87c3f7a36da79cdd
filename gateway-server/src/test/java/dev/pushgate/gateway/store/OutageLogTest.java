package dev.pushgate.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pushgate.gateway.store.dialect.Fault;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutageLogTest {
  private static final String COMES_AND_GOES =
      ". It comes and goes: what was told before is told again only when it lasts for 60 s, and"
          + " when all has been well for as long";

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private long seconds;
  private final OutageLog outages =
      new OutageLog("database", logger(), () -> TimeUnit.SECONDS.toNanos(seconds));

  private Logger logger() {
    Logger logger = new LoggerContext().getLogger("outages");
    logger.setLevel(Level.INFO);
    lines.start();
    logger.addAppender(lines);
    return logger;
  }

  private static Finding refused(String code, String words) {
    return Finding.of(Fault.REFUSED, Fault.READ_ONLY, code, words);
  }

  private static Finding away(String code, String words) {
    return Finding.of(Fault.AWAY, Fault.AWAY, code, words);
  }

  private static String noMessages(String words) {
    return "The database takes no messages: " + words;
  }

  private void outage(Finding finding) {
    outages.began(finding);
    seconds += 3;
    outages.ended();
    seconds += 4;
  }

  @Test
  void eachKindThatIsNewIsToldWithItsEnd() {
    outage(refused("42501", "permission denied for table messages"));
    outage(refused("42P01", "relation \"messages\" does not exist"));
    outage(refused("42501", "permission denied for table channels"));
    outage(refused("42P01", "relation \"channels\" does not exist"));

    assertThat(said())
        .containsExactly(
            noMessages("permission denied for table messages"),
            "The database is back after 3000 ms",
            noMessages("relation \"messages\" does not exist"),
            "The database is back after 3000 ms",
            noMessages("permission denied for table channels"),
            "The database is back after 3000 ms",
            noMessages("relation \"channels\" does not exist"),
            "The database is back after 3000 ms");
  }

  @Test
  void theSameKindAgainAndAgainIsThreeLinesAndItsEnd() {
    for (int i = 0; i < 20; i++) {
      outage(refused("42501", "permission denied for table messages, row " + i));
    }
    assertThat(outages.calmIn()).isPositive();
    seconds += 56;
    assertThat(outages.calmIn()).isZero();
    assertThat(outages.calmIn()).isZero();

    assertThat(said())
        .containsExactly(
            noMessages("permission denied for table messages, row 0"),
            "The database is back after 3000 ms",
            noMessages("permission denied for table messages, row 1") + COMES_AND_GOES,
            "The database has been back for 60 s, and was away 20 times before");
  }

  @Test
  void aNewKindIsToldAmongThoseThatComeAndGo() {
    Finding one = refused("42501", "permission denied for table messages");
    Finding other = refused("42501", "permission denied for table channels");
    for (int i = 0; i < 4; i++) {
      outage(one);
    }
    for (int i = 0; i < 4; i++) {
      outage(other);
    }

    assertThat(said())
        .containsExactly(
            noMessages(one.words()),
            "The database is back after 3000 ms",
            noMessages(one.words()) + COMES_AND_GOES,
            noMessages(other.words()),
            "The database is back after 3000 ms");
  }

  @Test
  void afterAMinuteOfCalmItIsToldFromTheBeginning() {
    Finding full = Finding.of(Fault.READ_ONLY, Fault.READ_ONLY, "53100", "the disk is full");
    outage(full);
    seconds += 56;
    outage(full);

    assertThat(said())
        .containsExactly(
            noMessages("the disk is full"),
            "The database is back after 3000 ms",
            noMessages("the disk is full"),
            "The database is back after 3000 ms");
  }

  @Test
  void whatWasLeftOutIsToldWhenItLasts() {
    Finding full = Finding.of(Fault.READ_ONLY, Fault.READ_ONLY, "53100", "the disk is full");
    outage(full);
    outage(full);
    outages.began(full);
    for (int i = 0; i < 90; i++) {
      outages.goesOn(full);
      seconds++;
    }
    assertThat(outages.ended()).isTrue();

    assertThat(said().subList(3, 5))
        .containsExactly(noMessages("the disk is full"), "The database is back after 90000 ms");
    assertThat(said()).hasSize(5);
  }

  @Test
  void whatIsWorseOrOtherwiseMeanwhileIsToldToo() {
    outages.began(away("08006", "the connection was lost"));
    outages.goesOn(away("57P03", "it is starting up"));
    outages.goesOn(away("28P01", "password authentication failed"));
    outages.goesOn(refused("25006", "it is a standby"));
    outages.goesOn(away("08001", "connection refused"));
    outages.ended();

    assertThat(said())
        .containsExactly(
            "The database is away: the connection was lost",
            "The database is away: password authentication failed",
            noMessages("it is a standby"),
            "The database is back after 0 ms");
  }

  @Test
  void whatIsRefusedOtherwiseEachTimeIsAHandfulOfLines() {
    outages.began(refused("P0001", "what is bad"));
    for (int i = 0; i < 50; i++) {
      outages.goesOn(refused("P0001", "what is " + "very ".repeat(i) + "bad"));
    }
    outages.ended();

    assertThat(said()).hasSize(5 + 1);
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
