/// Who is present in a channel, and the port to the rosters that hold it.
@NullMarked
package dev.pushgate.core.presence;

import org.jspecify.annotations.NullMarked;
