package dev.pushgate.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AloneTest {
  @Test
  void aNodeAloneTellsItself() {
    List<Notice> told = new ArrayList<>();
    AloneNotices notices = new AloneNotices();
    notices.start(
        new Notices.Listener() {
          @Override
          public void accept(Notice notice) {
            told.add(notice);
          }

          @Override
          public void missedSome() {}
        });

    notices.tell(new Notice.KeysChanged());

    assertThat(told).containsExactly(new Notice.KeysChanged());
  }

  @Test
  void aNoticeBeforeAnybodyListensIsABug() {
    assertThatThrownBy(() -> new AloneNotices().tell(new Notice.KeysChanged()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aNodeAloneSeesItself() {
    AloneNodes nodes = new AloneNodes("n1", "1.0", 42, () -> 7);

    assertThat(nodes.self()).isEqualTo("n1");
    assertThat(nodes.all()).containsExactly(new NodeInfo("n1", "1.0", 42, 7, 0));
  }
}
