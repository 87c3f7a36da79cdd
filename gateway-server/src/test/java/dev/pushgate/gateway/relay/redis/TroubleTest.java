package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.relay.RelayUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TroubleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOAUTH Authentication required.|NOAUTH",
        "WRONGPASS invalid username-password pair or user is disabled.|WRONGPASS",
        "NOPERM this user has no permissions to access one of the channels|NOPERM",
        "READONLY You can't write against a read only replica. script: 5e, on"
            + " @user_script:9.|READONLY",
        "MASTERDOWN Link with MASTER is down|MASTERDOWN",
        "LOADING Redis is loading the dataset in memory|LOADING",
        "NOSCRIPT No matching script. Please use EVAL.|NOSCRIPT",
        "BUSY Redis is busy running a script.|BUSY",
        "OOM command not allowed when used memory > 'maxmemory'.|OOM",
        "MISCONF Redis is configured to save RDB snapshots|MISCONF",
        "NOREPLICAS Not enough good replicas to write.|NOREPLICAS",
        "ERR Error running script (call to f_5e): @user_script:1: -OOM command not allowed|OOM",
        "ERR max number of clients reached|OTHER",
        "WRONGTYPE Operation against a key holding the wrong kind of value|OTHER",
        "BUSYKEY Target key name already exists.|OTHER",
        "READONLYISH|OTHER",
      })
  void whatRedisSaysIsSortedByItsFirstWord(String words, Trouble.Kind kind) {
    assertThat(Trouble.of(new CompletionException(new RedisCommandExecutionException(words))))
        .isEqualTo(new Trouble(kind, words));
  }

  @Test
  void aRightThatIsMissingInAScriptIsNamedAsEverywhere() {
    String words = "The user executing the script can't run this command or subcommand script: 5e";
    assertThat(Trouble.said("ERR " + words))
        .isEqualTo(new Trouble(Trouble.Kind.NOPERM, "NOPERM " + words));
  }

  @Test
  void whatRedisSaysAtTheDialIsFoundBehindTheLibrarysOwn() {
    Throwable dial =
        new RedisConnectionException(
            "Unable to connect", new RedisCommandExecutionException("NOAUTH Authentication req."));
    assertThat(Trouble.of(dial).words()).isEqualTo("NOAUTH Authentication req.");
  }

  @Test
  void whereRedisSaysNothingTheDeepestReasonIsTold() {
    assertThat(Trouble.of(new CompletionException(new ConnectException("Connection refused"))))
        .isEqualTo(new Trouble(Trouble.Kind.UNREACHABLE, "Connection refused"));
    assertThat(Trouble.of(new ConnectException()).words()).isEqualTo("ConnectException");
    assertThat(Trouble.of(new TimeoutException("no answer")).kind()).isEqualTo(Trouble.Kind.SILENT);
    assertThat(Trouble.of(new RelayUnavailableException("did not answer")).kind())
        .isEqualTo(Trouble.Kind.SILENT);
  }

  @Test
  void theWordsAreBounded() {
    String words = "ERR " + "x".repeat(5_000);
    assertThat(Trouble.of(new RedisCommandExecutionException(words)).words()).hasSize(300);
  }

  @Test
  void onlyWhatSurelyRanNothingIsSaidToHave() {
    assertThat(Trouble.Kind.values())
        .filteredOn(kind -> !kind.ranNothing())
        .containsExactlyInAnyOrder(
            Trouble.Kind.UNREACHABLE, Trouble.Kind.SILENT, Trouble.Kind.NOPERM, Trouble.Kind.OTHER);
  }
}
