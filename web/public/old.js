// Read only by browsers without modules: say what to do instead of showing an empty page.
document.addEventListener('DOMContentLoaded', function () {
  var box = document.getElementById('app')
  if (box) {
    box.style.padding = '24px'
    box.textContent =
      '此浏览器版本过旧，无法打开本页。请使用 Chrome 87、Safari 14 或更新的浏览器，或拨打 12345 反映问题。 This browser is too old for this page.'
  }
})
