/// Tests of names.
@NullMarked
package dev.pushgate.core.name;

import org.jspecify.annotations.NullMarked;
